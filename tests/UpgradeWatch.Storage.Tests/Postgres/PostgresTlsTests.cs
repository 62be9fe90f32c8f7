using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Postgres;
using UpgradeWatch.Storage.Tests.Records;
using UpgradeWatch.TestKit.Postgres;
using UpgradeWatch.TestKit.Processes;
using UpgradeWatch.TestKit.Tls;

namespace UpgradeWatch.Storage.Tests.Postgres;

/// <summary>The way to the database is encrypted where it is asked for, and leads to nobody else.</summary>
public sealed class PostgresTlsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new("UpgradeWatch test authority");

    private static CancellationToken None => CancellationToken.None;

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_certificate_of_the_right_name_and_authority_is_trusted_and_everything_is_encrypted()
    {
        await using var server = await PostgresServer.StartNewAsync(_authority.Issue("db.example.org", IPAddress.Loopback));
        var database = await server.CreateDatabaseAsync();

        await using var store = await OpenAsync(server, database);
        await store.SaveAsync(Samples.Change(Samples.Upgrade()), None);

        Assert.NotNull(await store.FindAsync("01A", None));
        Assert.Equal(0, await server.AskAsync<long>("SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'upgradewatch' AND NOT s.ssl", database));
        Assert.NotEqual(0, await server.AskAsync<long>("SELECT count(*) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = 'upgradewatch' AND s.ssl", database));
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_trusted()
    {
        using var other = new TestAuthority("another authority");
        await RefusesAsync(other.Issue("db.example.org", IPAddress.Loopback));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_not_trusted() => await RefusesAsync(_authority.Issue("db.example.org"));

    [Fact]
    public async Task A_certificate_that_has_expired_is_not_trusted() => await RefusesAsync(_authority.Issue("db.example.org", IPAddress.Loopback, TimeSpan.FromMinutes(-30)));

    [Fact]
    public async Task A_server_without_tls_is_not_spoken_to_in_the_clear() => await RefusesAsync(null);

    private async Task RefusesAsync((string Certificate, string Key)? tls)
    {
        await using var server = await PostgresServer.StartNewAsync(tls);
        var database = await server.CreateDatabaseAsync();

        var error = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(server, database));

        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not a secret", error.ToString(), StringComparison.Ordinal);
    }

    private Task<PostgresStore> OpenAsync(PostgresServer server, string database) => PostgresStore.OpenAsync(
        new PostgresOptions($"{database};SSL Mode=VerifyFull;Root Certificate={_folder.Write("authority.crt", _authority.Pem)}") { PasswordFile = server.PasswordFile },
        "test", TimeProvider.System, NullLogger.Instance, None);
}
