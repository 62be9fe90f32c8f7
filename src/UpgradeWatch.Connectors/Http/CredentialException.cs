namespace UpgradeWatch.Connectors.Http;

/// <summary>A file with a token, password, key or certificate cannot be used. The message names the file, never what is in it.</summary>
internal sealed class CredentialException(string message, Exception? inner = null) : Exception(message, inner);
