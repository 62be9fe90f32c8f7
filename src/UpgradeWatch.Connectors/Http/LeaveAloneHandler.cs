using System.Globalization;
using System.Net;

namespace UpgradeWatch.Connectors.Http;

/// <summary>
/// Leaves an endpoint alone for as long as it asked for (<c>Retry-After</c> with 429 or 503), when that is longer than
/// anybody would wait: until then every request fails at once, and says so.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LeaveAloneHandler(TimeProvider time) : DelegatingHandler
{
    /// <summary>Up to here a retry waits as it was told.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    /// <summary>More is not believed: somebody has to find out that it answers again.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private long _until = DateTimeOffset.MinValue.UtcTicks;

    /// <summary>For how long an answer asks to be left alone; null when it does not.</summary>
    public static TimeSpan? AskedBy(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)) return null;
        // A date is counted from the server's own clock.
        return response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date is { } end && response.Headers.Date is { } now ? end - now : null);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var until = new DateTimeOffset(Interlocked.Read(ref _until), TimeSpan.Zero);
        if (now < until && until - now <= Longest) throw new LeftAloneException(until);
        var response = await base.SendAsync(request, cancellationToken);
        if (AskedBy(response) is { } asked && asked > Short)
        {
            Interlocked.Exchange(ref _until, (time.GetUtcNow() + (asked < Longest ? asked : Longest)).UtcTicks);
        }

        return response;
    }
}

/// <summary>The endpoint has asked to be left alone, and it is.</summary>
/// <param name="until">Until then.</param>
internal sealed class LeftAloneException(DateTimeOffset until)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"has asked to be left alone until {until:HH:mm:ss} UTC (Retry-After)"));
