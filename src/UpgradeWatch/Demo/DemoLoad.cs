namespace UpgradeWatch.Demo;

/// <summary>The demo's users: steady requests, whether the service answers or not.</summary>
internal sealed class DemoLoad : IAsyncDisposable
{
    private const double TickSeconds = 0.05;

    // What a stall of the machine held back is not sent in one burst: that would be noise of the demo, not of its service.
    private const double MostBehindSeconds = 0.2;

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _url;
    private readonly TimeProvider _time;
    private readonly Task _running;
    private double _perSecond;

    /// <summary>Begins to send.</summary>
    public DemoLoad(Uri url, double perSecond, TimeProvider time)
    {
        (_url, _perSecond, _time) = (url, perSecond, time);
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Requests per second from now on.</summary>
    public double PerSecond
    {
        get => Volatile.Read(ref _perSecond);
        set => Volatile.Write(ref _perSecond, value);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _client.Dispose();
        _stop.Dispose();
    }

    // Open loop: what is due by the clock is sent, so that a slow service is not spared its load.
    private async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(TickSeconds), _time);
        var last = _time.GetTimestamp();
        var due = 0.0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                due = Math.Min(due + (_time.GetElapsedTime(last).TotalSeconds * PerSecond), MostBehindSeconds * PerSecond);
                last = _time.GetTimestamp();
                for (; due >= 1; due--) _ = SendAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        try
        {
            using var response = await _client.GetAsync(_url, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // While the service restarts its users see refused connections; they come back with the next request.
        }
    }
}
