using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace UpgradeWatch.Connectors.Tests.Http.Infrastructure;

/// <summary>A server of bare sockets, so that it can do to a connection what no web server would.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _accepting;

    public RawServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>What is done with each connection once its request has been read.</summary>
    public Func<Socket, CancellationToken, Task> Behaviour { get; set; } = HangAsync;

    /// <summary>Called when a connection gets no answer, or none that ends.</summary>
    public Action OnHoldOut { get; set; } = () => { };

    /// <summary>The requests that came, with their headers.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Says nothing, and keeps the connection.</summary>
    public static Task HangAsync(Socket socket, CancellationToken end) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end);

    /// <summary>Begins an answer, then a byte now and then, without an end.</summary>
    public static async Task DripAsync(Socket socket, CancellationToken end)
    {
        await SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n", end);
        while (true)
        {
            await SendAsync(socket, " ", end);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, end);
        }
    }

    /// <summary>Resets the connection.</summary>
    public static Task ResetAsync(Socket socket, CancellationToken end)
    {
        socket.LingerState = new LingerOption(true, 0);
        return Task.CompletedTask;
    }

    /// <summary>Promises a body and sends half of it.</summary>
    public static Task HalfAsync(Socket socket, CancellationToken end) =>
        SendAsync(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{\"status\":\"success\",\"data\":{\"re", end);

    /// <summary>Sends bytes that are no HTTP.</summary>
    public static Task GarbageAsync(Socket socket, CancellationToken end)
    {
        var bytes = new byte[4096];
        new Random(7).NextBytes(bytes);
        return socket.SendAsync(bytes, end).AsTask();
    }

    /// <summary>Answers.</summary>
    public static Func<Socket, CancellationToken, Task> Answer(int status, string body, params string[] headers) => (socket, end) => SendAsync(
        socket,
        $"HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Type: application/json\r\n{string.Concat(headers.Select(header => header + "\r\n"))}"
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"),
        end);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private static async Task SendAsync(Socket socket, string text, CancellationToken end) => await socket.SendAsync(Encoding.UTF8.GetBytes(text), end);

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                _requests.Enqueue(await ReadRequestAsync(socket));
                if (Behaviour == HangAsync || Behaviour == DripAsync) OnHoldOut();
                await Behaviour(socket, _end.Token);
            }
            catch (Exception broken) when (broken is SocketException or OperationCanceledException)
            {
                // The client gave up, or the test has ended.
            }
        }
    }

    // The whole of it: a connection that is closed with something unread is reset, and the answer may be lost with it.
    private async Task<string> ReadRequestAsync(Socket socket)
    {
        var text = new StringBuilder();
        var bytes = new byte[4096];
        while (!IsWhole(text.ToString()))
        {
            var read = await socket.ReceiveAsync(bytes, _end.Token);
            if (read == 0) break;
            text.Append(Encoding.ASCII.GetString(bytes, 0, read));
        }

        return text.ToString();
    }

    private static bool IsWhole(string request)
    {
        var head = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (head < 0) return false;
        const string Name = "Content-Length: ";
        var at = request.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 || at > head ? 0 : int.Parse(request[(at + Name.Length)..request.IndexOf('\r', at)], CultureInfo.InvariantCulture);
        return request.Length >= head + 4 + length;
    }
}
