using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace UpgradeWatch.Connectors.Http;

/// <summary>How much trouble of an endpoint is sat out before it becomes an answer.</summary>
internal static class EndpointResilience
{
    /// <summary>Requests to one endpoint at a time.</summary>
    public const int Concurrency = 4;

    /// <summary>Requests that may wait for their turn.</summary>
    public const int Queue = 2000;

    /// <summary>Tries after the first.</summary>
    public const int Retries = 3;

    /// <summary>Failed tries within <see cref="BreakerWindow"/> before the endpoint is left alone.</summary>
    public const int BreakerThroughput = 10;

    /// <summary>Time for one try, with its body.</summary>
    public static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Time for all tries of a request together.</summary>
    public static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(75);

    /// <summary>Over which the breaker counts.</summary>
    public static readonly TimeSpan BreakerWindow = TimeSpan.FromSeconds(60);

    /// <summary>For how long the endpoint is left alone.</summary>
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>Limiter around total time around retries around breaker around the time of one try.</summary>
    public static void Configure(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, TimeProvider time)
    {
        pipeline.TimeProvider = time;
        pipeline
            .AddConcurrencyLimiter(Concurrency, Queue)
            .AddTimeout(TotalTimeout)
            .AddRetry(Retry())
            .AddCircuitBreaker(Breaker())
            .AddTimeout(AttemptTimeout);
    }

    private static HttpRetryStrategyOptions Retry() => new()
    {
        MaxRetryAttempts = Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstDelay,
        MaxDelay = LongestDelay,
        ShouldHandle = arguments => ValueTask.FromResult(
            IsTransient(arguments.Outcome) && EndpointRequest.IsRepeatable(arguments.Context.GetRequestMessage())),
    };

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker() => new()
    {
        FailureRatio = 0.9,
        MinimumThroughput = BreakerThroughput,
        SamplingDuration = BreakerWindow,
        BreakDuration = BreakDuration,
        ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome)),
    };

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: TimeoutRejectedException } => true,
        // The body will be too large, or the certificate wrong, the next time as well.
        { Exception: HttpRequestException exception } => exception.HttpRequestError
            is not (HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.SecureConnectionError),
        { Result: { } response } when LeaveAloneHandler.AskedBy(response) > LeaveAloneHandler.Short => false,
        { Result: { } response } => response.StatusCode
            is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        _ => false,
    };
}
