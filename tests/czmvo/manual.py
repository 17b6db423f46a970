"""What the manual of the AMS prints, typed out: error codes with their texts, and answers."""

# Number: key, status, Czech text, our English text. {} is the variable part.
CODES = {
    1: ("unknown_function", 404, "Neznámá funkce", "Unknown function"),
    2: ("not_authenticated", 401, "Neověřený přístup.", "Access not verified."),
    3: ("function_not_allowed", 401, "Funkce nepovolena.", "Function not allowed."),
    4: ("method_not_allowed", 405, "Nepovolené volání metody.", "Method call not allowed."),
    5: (
        "value_not_allowed",
        400,
        "Nepovolená hodnota pro parametr {}.",
        "Value not allowed for parameter {}.",
    ),
    11: (
        "value_missing",
        400,
        "Nevyplněná hodnota pro parametr.",
        "Parameter value not filled in.",
    ),
    12: ("alert_not_found", 404, "Alert nebyl nalezen.", "Alert not found."),
    13: (
        "no_right_to_write",
        405,
        "Není oprávnění k zápisu do alertu.",
        "No right to write to the alert.",
    ),
    14: (
        "file_not_decoded",
        400,
        "Soubor se nepodařilo dekódovat.",
        "The file could not be decoded.",
    ),
    15: (
        "file_too_large",
        400,
        "Velikost souboru překročila limit {}MB.",
        "File size exceeded the {}MB limit.",
    ),
    16: (
        "message_not_saved",
        500,
        "Zprávu se nepodařilo uložit.",
        "The message could not be saved.",
    ),
    17: (
        "no_right_to_edit",
        401,
        "Není oprávnění k úpravě zprávy.",
        "No right to edit the message.",
    ),
    18: (
        "message_not_answerable",
        401,
        "Na zprávu nelze odpovědět.",
        "The message cannot be answered.",
    ),
    19: ("message_not_deletable", 401, "Zprávu nelze smazat.", "The message cannot be deleted."),
    20: (
        "uprc_or_id_missing",
        400,
        "Musí být zadán alespoň jeden parametr UPRC, ID.",
        "At least one of UPRC, ID must be given.",
    ),
    21: ("file_not_found", 404, "Soubor ID {} nebyl nalezen.", "File ID {} not found."),
    22: (
        "no_right_to_read_file",
        401,
        "Není oprávnění ke čtení souboru.",
        "No right to read the file.",
    ),
    23: (
        "file_type_not_supported",
        415,
        "Soubor není podporovaného typu.",
        "File type not supported.",
    ),
    24: ("internal_error", 500, "Interní chyba API.", "Internal API error."),
    25: (
        "alert_archived",
        405,
        "Alert nelze upravit, je již archivovaný.",
        "The alert cannot be edited, it is archived.",
    ),
    26: (
        "alert_of_other_mah",
        405,
        "Alert nelze upravit, je přiřazený jinému MAH.",
        "The alert cannot be edited, it is assigned to another MAH.",
    ),
    27: (
        "new_state_unexpected",
        405,
        "Nelze nastavit stav pro alert. Neočekávaný nový stav.",
        "State cannot be set. Unexpected new state.",
    ),
    28: (
        "no_right_to_state",
        405,
        "Nelze nastavit stav pro alert. Není oprávnění.",
        "State cannot be set. No right.",
    ),
    29: (
        "alert_closed",
        405,
        "Nelze nastavit stav pro alert. Alert je uzavřen.",
        "State cannot be set. Alert is closed.",
    ),
    30: (
        "conditions_not_met",
        400,
        "Nelze nastavit stav pro alert. Nejsou splněny všechny podmínky.",
        "State cannot be set. Not all conditions are met.",
    ),
    31: (
        "alert_not_open_to_messages",
        405,
        "Zprávu k alertu nelze zaslat. Alert není ve správném stavu pro zaslání zprávy.",
        "Message cannot be sent. Alert is not in the right state.",
    ),
    32: (
        "nsol_error_not_specified",
        400,
        "Požadovaná specifikace chyby NSOL.",
        "Specification of the NSOL error required.",
    ),
    33: (
        "accept_not_supported",
        406,
        "Byl zadán nepodporovaný typ hlavičky požadavku Accept, nebo nebyl zadán.",
        "Unsupported or missing Accept header.",
    ),
    34: (
        "alert_of_other_enduser",
        405,
        "Alert nelze upravit, je přiřazený jinému Koncovému uživateli",
        "The alert cannot be edited, it is assigned to another end user.",
    ),
    35: (
        "against_workflow",
        405,
        "Alert nelze upravit, požadavek neodpovídá alertnímu workflow.",
        "The alert cannot be edited, the request does not fit the alert workflow.",
    ),
    36: ("location_not_found", 404, "ID Lokace nebylo nalezeno", "Location ID not found."),
    37: (
        "no_right_to_location",
        401,
        "Není oprávnění přístupu k lokaci",
        "No right to access the location.",
    ),
    38: (
        "token_invalid",
        401,
        "Neplatný nebo expirovaný Autorizační token.",
        "Invalid or expired authorization token.",
    ),
    39: ("request_invalid", 400, "Neplatný požadavek", "Invalid request."),
    40: (
        "group_blocked",
        405,
        "Akce nad skupinou nelze provést",
        "Group action cannot be carried out.",
    ),
}
VARIABLE = {5: "list", 15: "16", 21: "21"}
"""What stands for {} in a sample."""

# The answers as the manual prints them. E8 and E10 have pages and currentPage, which the text of
# 2.7.1.1 promises; base64 is cut.
OK = '{"status":"ok","code":0,"message":"OK","result":'
PRINTED = {
    "E4_answer": (
        '{"access_token":"eyJtc2ciOiJUYWR5IGplIG7Em2tkbyB6dsSbZGF2w70i...",'
        '"expires_in":1800,"token_type":"Bearer"}'
    ),
    "E4_refusal": '{"error":"invalid_client"}',
    "E7_answer": (
        OK + '{"method":"GET","module":"alerts","environment":"production","auth":"Regular",'
        '"userrole":"Enduser","state":true}}'
    ),
    "E8_answer": (
        OK + '{"pages":1,"currentPage":1,"alerts":[{"uprc":"CZ-0VR-Y94-KK5-6FJ",'
        '"created":"2022-07-16 07:50:04","productcode":"08595116521485","stateid":1,'
        r'"state":"Nov\u00fd","lastmessageid":"20","statedescription":"Nov\u00fd"}]}}'
    ),
    "E9_answer": OK + '{"pages":3,"currentPage":0}}',
    "E10_answer": (
        OK + '{"pages":1,"currentPage":1,"alerts":[{"uprc":"CZ-KSR-RLB-6MF-E8C-8RT",'
        '"created":"2022-05-05 11:07:00","productcode":"08594175410327","stateid":1,'
        r'"state":"01a - Nov\u00fd - transakce KU","lastmessageid":0,"statedescription":"'
        r"Nov\u00e1 v\u00fdstraha - v\u00fdsledek investigace NOOL p\u0159\u00edpadn\u011b v "
        r"poli \u201eP\u0159edanal\u00fdza - automatick\u00e1\u201c. Balen\u00ed m\u011bjte v "
        r"karant\u00e9n\u011b. Pokud se ale domn\u00edv\u00e1te, \u017ee se jedn\u00e1 o "
        r"odstranitelnou chybu na va\u0161\u00ed stran\u011b, po odstran\u011bn\u00ed "
        r"probl\u00e9mu se m\u016f\u017eete pokusit o op\u011btovnou verifikaci. Pokud bylo "
        r"n\u00e1sledn\u00e9 ov\u011b\u0159en\u00ed \u00fasp\u011b\u0161n\u00e9, lze LP vydat, a "
        r"alert m\u016f\u017eete v AMS uzav\u0159\u00edt pomoc\u00ed "
        r'p\u0159\u00edslu\u0161n\u00e9ho stavu.","typestate":"Informace MAH",'
        r'"typestatedescription":"Po\u017eadov\u00e1ny dodate\u010dn\u00e9 informace od '
        r'u\u017eivatele"}]}}'
    ),
    "E11_answer": (
        OK + '{"messages":[{"id":"19","parent":"0","uprc":"CZ-0VR-Y94-KK5-6FJ",'
        '"created":"2022-07-06 10:45:59","changed":"2022-07-06 10:45:59","subject":"info",'
        '"message":"Uplne ok","isfile":false,"public":false,"fromme":true},{"id":"20",'
        '"parent":"19","uprc":"CZ-0VR-Y94-KK5-6FJ","created":"2022-07-06 10:59:06",'
        '"changed":"2022-07-06 10:59:06","subject":"Re: info","message":"Fajn","isfile":false,'
        '"public":true,"fromme":false}]}}'
    ),
    "E12_answer": (
        OK + '{"filename":"xxx.pdf","filedata":"JVBERi0xLjcKCjQgMCBvYmoKKElkZW50aXR5KQplbmRvYmoK"}}'
    ),
    "E13_answer_mah": (
        OK + r'{"states":[{"id":1,"name":"Nov\u00fd","externalcode":"01","finalstate":false},'
        r'{"id":"5","name":"V \u0159e\u0161en\u00ed","externalcode":"#","finalstate":false},'
        r'{"id":"3","name":"Uzav\u0159en\u00fd","externalcode":"06a,06b,06c","finalstate":true},'
        r'{"id":"6","name":"Odlo\u017een\u00fd","externalcode":"","finalstate":false},'
        '{"id":"7","name":"Chyba import na callcentrum","externalcode":"CALLFAIL",'
        '"finalstate":false}]}}'
    ),
    "E13_answer_enduser": (
        OK + r'{"states":[{"id":1,"name":"01a - Nov\u00fd - transakce KU","externalcode":"01a",'
        '"finalstate":false,"settingallowed":false,"description":"...",'
        '"typestate":"Informace MAH","typestatedescription":"Po\\u017eadov\\u00e1ny '
        r'dodate\u010dn\u00e9 informace od u\u017eivatele"}]}}'
    ),
    "E14_answer": (
        OK + r'{"requests":[{"id":1,"name":"Fotka","text":"\u017d\u00e1d\u00e1me o '
        r'zasl\u00e1n\u00ed fota obalu LP, s \u010diteln\u00fdm 2D k\u00f3dem"},{"id":2,'
        r'"name":"Fotka EAN","text":"\u017d\u00e1d\u00e1me o zasl\u00e1n\u00ed fota obalu LP, s '
        r"\u010diteln\u00fdm 2D k\u00f3dem. Nafotte pros\u00edm i vizu\u00e1ln\u011b "
        r"\u010diteln\u00e9 \u00fadaje (EAN, \u0161ar\u017ee, SN, datum exspirace, "
        'apod.)"}]}}'
    ),
    "E15_answer": OK + '{"uprc":["CZ-0VR-YE5-C1N-KLM","CZ-0VR-YE5-VS7-BXP"]}}',
    "E16_answer": OK + r'{"reasons":[{"id":1,"name":"Chybn\u011b uzav\u0159eno"}]}}',
    "E17_answer": (
        OK + '{"note":"Test note","uprc":"CZ-LD8-F79-ABY-PFC-5J0","private":false,'
        '"changed":"2022-01-12 11:13:42"}}'
    ),
    "E18_answer": (OK + r'{"typestates":[{"name":"N","description":"Neprov\u00e1d\u011bt nic"}]}}'),
    "E19_answer": OK + '{"counter":2}}',
    "E20_answer": (
        OK + '{"alalerts":[{"uprc":"CZ-858d085f-324a-4938-a796-333bfac94f05-000001",'
        '"created":"2022-10-19 07:48:04","productcode":"18901138057340","stateid":6},'
        '{"uprc":"CZ-858d085f-324a-4938-a796-333bfac94f05-000002",'
        '"created":"2022-10-19 07:48:38","productcode":"18901138057340","stateid":6}]}}'
    ),
    "E21_answer": OK + '{"id":22}}',
    "E21_refusal": (
        r'{"status":"error","code":40,"message":"Akce nad skupinou nelze prov\u00e9st",'
        '"result":{"uprc":["CZ-0VR-Y94-KK5-6FJ","CZ-1VR-Y94-KK5-6FI"]}}'
    ),
    "E22_answer": OK + '{"id":22,"changed":"2019-08-06 15:36:35"}}',
    "E23_answer": OK + '{"uprc":["CZ-0VR-YE5-C1N-KLM","CZ-0VR-YE5-VS7-BXP"]}}',
    "E24_answer": OK + '{"uprc":"CZ-LD8-F79-YBY-PFC-5J0","changed":"2022-01-12 10:43:06"}}',
    "E25_answer": OK + '{"id":22}}',
    "E26_answer": OK + '{"uprc":"CZ-LD8-F79-YBY-PFC-5J0"}}',
    "E27_answer": (
        OK + r'{"states":[{"code":"NO","name":"Uzav\u0159eno - MAH - nelze opravit"},'
        r'{"code":"OP","name":"Uzav\u0159eno - MAH - opraveno"}]}}'
    ),
    "E28_answer": OK + '{"products":[],"count":0}}',
    "E29_answer": (
        OK + '{"isException":true,"info":{"id":41,"productCode":"08594158891136","batch":null,'
        r'"stateId":1,"state":"Nov\u00fd"}}}'
    ),
    "E30_answer": (
        OK + '{"products":[{"lineNo":1,"productCode":"0123456789","batch":"123456",'
        '"validity":null,"state":1,"ID":1,"errorCode":0,"errorText":""}],"count":0}}'
    ),
    "E31_answer": (
        OK + '{"affected":1,"deleted":[{"id":"2","productCode":"0123456789","batch":"123456"}]}}'
    ),
}
