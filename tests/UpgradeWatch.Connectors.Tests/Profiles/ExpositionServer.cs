using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>
/// Serves the exposition files of this folder. What a file says happens between two scrapes: counters and histograms
/// show that many times as much as they have been scraped, gauges stay as they are.
/// </summary>
internal sealed class ExpositionServer : IDisposable
{
    /// <summary>Counts the scrapes of a target, beside what its file says.</summary>
    public const string Scrapes = "exposition_scrapes_total";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _scrapes = new();
    private readonly Task _loop;

    public ExpositionServer()
    {
        Port = FreePort.Next();
        _listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/"));
        _listener.Start();
        _loop = ServeAsync();
    }

    public int Port { get; }

    public void Dispose()
    {
        _listener.Close();
        _loop.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception problem) when (problem is HttpListenerException or ObjectDisposedException)
            {
                return; // Closed by Dispose.
            }

            var file = context.Request.Url!.AbsolutePath.TrimStart('/');
            var times = _scrapes.AddOrUpdate(file, 1, (_, count) => count + 1);
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            context.Response.Close(Encoding.UTF8.GetBytes(Write(file, times)), willBlock: true);
        }
    }

    private static string Write(string file, int times)
    {
        var text = new StringBuilder();
        var grows = false;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Profiles", file)))
        {
            if (line.StartsWith("# TYPE", StringComparison.Ordinal)) grows = Grows(line);

            text.Append(grows && !line.StartsWith('#') ? Multiply(line, times) : line).Append('\n');
        }

        text.Replace("# EOF\n", "");
        return text.Append(CultureInfo.InvariantCulture, $"# TYPE {Scrapes} counter\n{Scrapes} {times}\n").ToString();
    }

    // .NET declares the length of its queue as a counter though it is a level.
    private static bool Grows(string typeLine) =>
        !typeLine.EndsWith(" gauge", StringComparison.Ordinal) && !typeLine.Contains("queue_length", StringComparison.Ordinal);

    private static string Multiply(string line, int times)
    {
        var space = line.LastIndexOf(' ');
        var value = double.Parse(line.AsSpan(space), CultureInfo.InvariantCulture) * times;
        return string.Create(CultureInfo.InvariantCulture, $"{line[..space]} {value}");
    }
}
