// n8n reads what the package offers from the "n8n" section of package.json; this file is only the
// entry point that npm expects a package to have.
