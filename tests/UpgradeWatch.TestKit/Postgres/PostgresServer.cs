using System.Globalization;
using Npgsql;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Postgres;

/// <summary>
/// A real PostgreSQL on a loopback port of its own, with its data in a folder of its own, where one user who is no
/// superuser owns what databases are made. Flushing is off: it outlives what is tested.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Administrator = "postgres";
    private const string Owner = "upgradewatch";
    private const int StartTries = 5;

    private readonly TempFolder _folder = new();
    private TestProcess? _process;
    private int _port = FreePort.Next();
    private int _databases;

    private PostgresServer((string Certificate, string Key)? tls)
    {
        PasswordFile = _folder.Write("password", "not a secret\n");
        if (tls is not { } files) return;
        _folder.Write("tls.crt", files.Certificate);
        _folder.Write("tls.key", files.Key);
    }

    /// <summary>File with the password of the owner.</summary>
    public string PasswordFile { get; }

    /// <summary>Its log so far.</summary>
    public string Output => _process?.Output ?? "";

    private string Data => _folder.File("data");

    /// <summary>Makes and starts a server.</summary>
    /// <param name="tls">What it shows of itself, as PEM; null for a server without TLS.</param>
    public static Task<PostgresServer> StartNewAsync((string Certificate, string Key)? tls = null) => Started.AsyncOf(new PostgresServer(tls), async server =>
    {
        await server.MakeAsync();
        await server.StartAsync();
        await server.ExecuteAsync($"CREATE ROLE {Owner} LOGIN PASSWORD 'not a secret'");
    });

    /// <summary>Makes a database and gives its connection string, without the password.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name} OWNER {Owner}");
        return string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={name};Username={Owner}");
    }

    /// <summary>The value of <c>storage</c> for a database that was made.</summary>
    public string StorageFor(string database) => $"{{ postgres: {{ connectionString: '{database}', passwordFile: '{PasswordFile}' }} }}";

    /// <summary>Runs a statement as superuser, in the database of a connection string when one is given.</summary>
    public async Task ExecuteAsync(string sql, string? database = null)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for one value as superuser, in the database of a connection string.</summary>
    public async Task<T> AskAsync<T>(string sql, string database)
    {
        await using var connection = await ConnectAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts it, again with the same data after <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            _process = AsUser(Program("postgres"), [
                "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "fsync=off", "-c", "dynamic_shared_memory_type=mmap", "-c", "max_connections=200", "-c", "lc_messages=C", .. Tls(),
            ]);
            try
            {
                await _process.WaitForLineAsync("database system is ready to accept connections");
                return;
            }
            catch (InvalidOperationException) when (attempt < StartTries && Output.Contains("Address already in use", StringComparison.Ordinal))
            {
                // Another test process took the port between the look and the start.
                _port = FreePort.Next();
            }
        }
    }

    /// <summary>Stops it at once; whoever is connected is cut off.</summary>
    public async Task StopAsync()
    {
        await Running.InterruptAsync();
        await Running.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) await StopAsync();
        _folder.Dispose();
    }

    private string[] Tls() => File.Exists(_folder.File("tls.key"))
        ? ["-c", "ssl=on", "-c", $"ssl_cert_file={_folder.File("tls.crt")}", "-c", $"ssl_key_file={_folder.File("tls.key")}"]
        : [];

    private TestProcess Running => _process ?? throw new InvalidOperationException("PostgreSQL was not started.");

    private async Task MakeAsync()
    {
        if (File.Exists(_folder.File("tls.key")))
        {
            var (told, _, why) = await TestProcess.RunAsync("chmod", ["600", _folder.File("tls.key")]);
            if (told != 0) throw new InvalidOperationException($"PostgreSQL takes no key that others can read: {why}");
        }

        if (Environment.IsPrivilegedProcess)
        {
            var (status, _, said) = await TestProcess.RunAsync("chown", ["-R", Administrator, _folder.Path]);
            if (status != 0) throw new InvalidOperationException($"The folder cannot be given to the user {Administrator}: {said}");
        }

        await using var initdb = AsUser(Program("initdb"), ["-D", Data, "-U", Administrator, "--auth=scram-sha-256", $"--pwfile={PasswordFile}", "--no-sync", "--wal-segsize=1", "--encoding=UTF8", "--locale=C.UTF-8"]);
        if (await initdb.WaitForExitAsync() != 0) throw new InvalidOperationException($"initdb failed:\n{initdb.Output}");
    }

    private async Task<NpgsqlConnection> ConnectAsync(string? database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database)
        {
            Host = "127.0.0.1",
            Port = _port,
            Username = Administrator,
            Password = "not a secret",
            Pooling = false,
            SearchPath = "upgradewatch",
        };
        settings.Database ??= Administrator;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    // It refuses to run as root.
    private TestProcess AsUser(string program, IReadOnlyList<string> arguments) => Environment.IsPrivilegedProcess
        ? TestProcess.Start("setpriv", [$"--reuid={Administrator}", $"--regid={Administrator}", "--init-groups", program, .. arguments], _folder.Path)
        : TestProcess.Start(program, arguments, _folder.Path);

    private static string Program(string name) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .Select(version => Path.Combine(version, "bin", name))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .LastOrDefault() ?? throw new InvalidOperationException($"PostgreSQL's {name} is not there; tests/run installs it, or: apt-get install postgresql");
}
