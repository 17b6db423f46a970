import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.zip.DeflaterOutputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;

/** A reporter's software on the JDK alone: sends a message, or asks what became of it. */
public class SdnsCaller {
    static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";

    public static void main(String[] args) throws Exception {
        if (args[0].equals("send")) {
            send(args[1], args[2], Path.of(args[3]));
        } else {
            ask(args[1], Path.of(args[2]));
        }
    }

    /** DEFLATE is what java.util.zip calls so: with a zlib header. */
    static void send(String address, String file, Path message) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(packed)) {
            deflater.write(Files.readAllBytes(message));
        }
        String data = Base64.getMimeEncoder().encodeToString(packed.toByteArray());
        String[] values = {file, "uziv0001", "Heslo-123", "DEFLATE", "NONE", data, "en", "US"};
        StringBuilder cells = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            cells.append("<param" + i + ">" + values[i] + "</param" + i + ">");
        }
        String envelope = "<e:Envelope xmlns:e='" + SOAP + "'><e:Body>"
            + "<m:loadData xmlns:m='urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat'>" + cells
            + "</m:loadData></e:Body></e:Envelope>";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("SOAPAction", "urn:com-ness-cz-ewiautom-wsimpl-IZaslaniDat/loadData")
            .POST(HttpRequest.BodyPublishers.ofString(envelope))
            .build();
        HttpResponse<byte[]> answer = HttpClient.newHttpClient()
            .send(request, HttpResponse.BodyHandlers.ofByteArray());
        Document outer = parse(new InputSource(new ByteArrayInputStream(answer.body())), false);
        String text = outer.getElementsByTagName("return").item(0).getTextContent();
        InputSource inner = new InputSource(new StringReader(text));
        // The DOCTYPE is relative, so the DTD comes from the bank.
        inner.setSystemId(address);
        Element status = (Element) parse(inner, true).getElementsByTagName("status").item(0);
        System.out.println(answer.statusCode() + " " + answer.version());
        System.out.println(status.getAttribute("category") + " / " + status.getAttribute("code"));
        if (status.getElementsByTagName("message").getLength() > 0) {
            Element said = (Element) status.getElementsByTagName("message").item(0);
            System.out.println(said.getAttribute("type") + ": " + said.getAttribute("value"));
        }
    }

    static void ask(String address, Path parameters) throws Exception {
        String root = "<e:Envelope xmlns:e='" + SOAP + "'><e:Body>"
            + "<m:performQuery xmlns:m='EwiQueryWS'><queryType>VYDANI_SEZNAM_JH</queryType>"
            + "<xmlParam href='cid:parameters@client'/></m:performQuery></e:Body></e:Envelope>";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(("--b\r\nContent-Type: text/xml; charset=UTF-8\r\n"
            + "Content-ID: <root@client>\r\n\r\n" + root + "\r\n--b\r\n"
            + "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n"
            + "Content-ID: <parameters@client>\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.write(Files.readAllBytes(parameters));
        body.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
        HttpURLConnection call = (HttpURLConnection) new URL(address).openConnection();
        call.setRequestMethod("POST");
        call.setRequestProperty("Content-Type",
            "multipart/related; type=\"text/xml\"; start=\"<root@client>\"; boundary=b");
        call.setRequestProperty("SOAPAction", "\"\"");
        call.setDoOutput(true);
        call.setChunkedStreamingMode(512);
        try (OutputStream out = call.getOutputStream()) {
            out.write(body.toByteArray());
        }
        int status = call.getResponseCode();
        byte[] read = call.getInputStream().readAllBytes();
        String whole = new String(read, StandardCharsets.ISO_8859_1);
        String type = call.getContentType();
        String boundary = type.replaceAll(".*boundary=\"([^\"]*)\".*", "$1");
        String part = whole.split("--" + java.util.regex.Pattern.quote(boundary))[2];
        String document = part.substring(part.indexOf("\r\n\r\n") + 4).trim();
        byte[] octets = document.getBytes(StandardCharsets.ISO_8859_1);
        Document result = parse(new InputSource(new ByteArrayInputStream(octets)), false);
        System.out.println(status + " " + text(result, "Status") + " " + text(result, "ErrorCode"));
        for (String name : new String[] {"SouborExt", "CisloVydani", "StavKod", "Stav", "Druh"}) {
            var found = result.getElementsByTagNameNS("www.ewi.ws", name);
            for (int i = 0; i < found.getLength(); i++) {
                System.out.println(name + ": " + found.item(i).getTextContent());
            }
        }
    }

    static String text(Document document, String name) {
        return document.getElementsByTagNameNS("www.ewi.ws", name).item(0).getTextContent();
    }

    static Document parse(InputSource source, boolean validating) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setValidating(validating);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new ErrorHandler() {
            public void warning(SAXParseException trouble) throws SAXParseException {
                throw trouble;
            }

            public void error(SAXParseException trouble) throws SAXParseException {
                throw trouble;
            }

            public void fatalError(SAXParseException trouble) throws SAXParseException {
                throw trouble;
            }
        });
        return builder.parse(source);
    }
}
