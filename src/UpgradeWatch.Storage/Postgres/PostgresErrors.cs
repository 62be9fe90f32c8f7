using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Storage.Postgres;

/// <summary>Translates the errors of PostgreSQL and of the way to it.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether an error is the database's, or of the way to it.</summary>
    public static bool IsTrouble(Exception error) => error is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>The same as the store's.</summary>
    /// <param name="error">For which <see cref="IsTrouble"/> holds.</param>
    /// <param name="place">Names the store, without any secret.</param>
    public static StoreException ToStoreException(Exception error, string place)
    {
        if (error is not PostgresException refused)
        {
            return new StoreException(
                StoreFailure.Other,
                TlsFailure(error) is { } why
                    ? $"The store in {place} is not spoken to, because TLS failed: {why} (storage.postgres says by SSL Mode and Root Certificate what is trusted)"
                    : $"The store in {place} cannot be reached: {error.Message}",
                error);
        }

        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        var (failure, sentence) = refused.SqlState switch
        {
            PostgresErrorCodes.DiskFull => (StoreFailure.Full, "has no space left"),
            PostgresErrorCodes.ReadOnlySqlTransaction => (StoreFailure.ReadOnly, "is read-only"),
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected => (StoreFailure.Locked, "is held by another program"),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => (StoreFailure.Corrupt, "is damaged"),
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (StoreFailure.Other, "does not let this user in"),
            PostgresErrorCodes.InvalidCatalogName => (StoreFailure.Other, "does not exist"),
            PostgresErrorCodes.InsufficientPrivilege => (StoreFailure.Other, "may not be written by this user"),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
                (StoreFailure.Other, "cannot be reached"),
            _ => (StoreFailure.Other, "refused what was asked"),
        };
        return new StoreException(failure, $"The store in {place} {sentence}: {refused.MessageText} (SQLSTATE {refused.SqlState}).", error);
    }

    private static string? TlsFailure(Exception error)
    {
        for (var inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is AuthenticationException) return inner.Message;
        }

        // A server that speaks no TLS is told by Npgsql in words alone.
        return error is NpgsqlException && error.Message.Contains("SSL", StringComparison.Ordinal) ? error.Message : null;
    }
}
