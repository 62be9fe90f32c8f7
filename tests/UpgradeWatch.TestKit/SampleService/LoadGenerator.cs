namespace UpgradeWatch.TestKit.SampleService;

/// <summary>
/// Steady load over HTTP with keep-alive. It is open-loop: requests come at random moments (a Poisson process) at the
/// given rate, whether or not earlier ones have been answered.
/// </summary>
public sealed class LoadGenerator : IAsyncDisposable
{
    // Requests beyond this are dropped, so that a service that hangs does not drown the test process.
    private const int MaxInFlight = 1000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly Task _run;
    private double _requestsPerSecond;
    private int _inFlight;
    private long _answered;
    private long _failed;

    /// <summary>Starts the load.</summary>
    /// <param name="url">The service.</param>
    /// <param name="requestsPerSecond">At least 0.</param>
    /// <param name="seed">Of the moments and the routes.</param>
    /// <param name="timeProvider">Null for the system's.</param>
    public LoadGenerator(Uri url, double requestsPerSecond, int seed, TimeProvider? timeProvider = null)
    {
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) })
        {
            BaseAddress = url,
            Timeout = TimeSpan.FromSeconds(30),
        };
        _random = new Random(seed);
        _time = timeProvider ?? TimeProvider.System;
        _requestsPerSecond = requestsPerSecond;
        _run = Task.Run(RunAsync);
    }

    /// <summary>Requests per second from now on, at least 0.</summary>
    public double RequestsPerSecond
    {
        get => Volatile.Read(ref _requestsPerSecond);
        set => Volatile.Write(ref _requestsPerSecond, value);
    }

    /// <summary>Requests answered so far with any status.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Requests so far that got no answer, or were dropped because too many waited for one.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Tick, _time);
        var last = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var now = _time.GetTimestamp();
                for (var left = _random.NextPoisson(RequestsPerSecond * _time.GetElapsedTime(last, now).TotalSeconds); left > 0; left--)
                {
                    // Not awaited: the next request does not wait for the answer to this one.
                    _ = SendAsync(isOrder: _random.NextDouble() < 0.2, product: _random.Next(1000));
                }

                last = now;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task SendAsync(bool isOrder, int product)
    {
        if (Interlocked.Increment(ref _inFlight) > MaxInFlight)
        {
            Interlocked.Increment(ref _failed);
            Interlocked.Decrement(ref _inFlight);
            return;
        }

        try
        {
            using var request = isOrder
                ? new HttpRequestMessage(HttpMethod.Post, "/orders")
                : new HttpRequestMessage(HttpMethod.Get, $"/products/{product}");
            using var response = await _client.SendAsync(request, _stop.Token);
            Interlocked.Increment(ref _answered);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            Interlocked.Increment(ref _failed);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }
}
