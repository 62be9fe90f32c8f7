using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>Serves every <see cref="Exposition"/> under its name.</summary>
internal sealed class ExpositionServer : IDisposable
{
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

            Answer(context);
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var name = context.Request.Url!.AbsolutePath.TrimStart('/');
        var scrape = _scrapes.AddOrUpdate(name, 1, (_, count) => count + 1);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        try
        {
            context.Response.Close(Encoding.UTF8.GetBytes(Exposition.Text(name, scrape)), willBlock: true);
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // Whoever scrapes waits half a second at most: on a busy machine it is gone by now, and comes again.
        }
    }
}
