"""The subcommands of podatelna, one module each, imported when they are called."""
