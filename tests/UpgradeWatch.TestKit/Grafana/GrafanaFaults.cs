using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace UpgradeWatch.TestKit.Grafana;

/// <summary>What goes wrong: the next requests in order, then each with some probability.</summary>
public sealed class GrafanaFaults
{
    private readonly ConcurrentQueue<(string? Method, GrafanaFault Fault)> _next = new();
    private readonly Lock _gate = new();
    private Random? _random;
    private double _probability;
    private Random? _slowness;
    private double _slowProbability;
    private TimeSpan _slowest;

    /// <summary>The next request meets this fault; with a method the next one of it, while others pass.</summary>
    public void Next(GrafanaFault fault, string? method = null) => _next.Enqueue((method, fault));

    /// <summary>From now on each request meets some fault with this probability; 0 ends it.</summary>
    public void Often(double probability, int seed)
    {
        lock (_gate)
        {
            (_probability, _random) = (probability, new Random(seed));
        }
    }

    /// <summary>
    /// From now on each answer comes late with this probability, by up to <paramref name="slowest"/>: half of them because
    /// what was asked is done late, also when nobody waits for the answer any more.
    /// </summary>
    public void Slow(double probability, TimeSpan slowest, int seed)
    {
        lock (_gate)
        {
            (_slowProbability, _slowest, _slowness) = (probability, slowest, new Random(seed));
        }
    }

    /// <summary>How late the next request is carried out, and how late it is answered after that.</summary>
    internal (TimeSpan Before, TimeSpan After) TakeLateness()
    {
        lock (_gate)
        {
            if (_slowness is null || _slowness.NextDouble() >= _slowProbability) return default;
            var late = _slowest * _slowness.NextDouble();
            return _slowness.Next(2) == 0 ? (late, TimeSpan.Zero) : (TimeSpan.Zero, late);
        }
    }

    internal GrafanaFault? Take(string method)
    {
        if (_next.TryPeek(out var next) && (next.Method is null || next.Method == method) && _next.TryDequeue(out next)) return next.Fault;
        lock (_gate)
        {
            if (_random is null || _random.NextDouble() >= _probability) return null;
            return _random.Next(6) switch
            {
                0 => new GrafanaFault.Answer(500, """{"message":"Failed to save annotation"}"""),
                1 => new GrafanaFault.Answer(503, "<html>unavailable</html>", "text/html"),
                2 => new GrafanaFault.Answer(429, RetryAfter: "1"),
                3 => new GrafanaFault.Reset(),
                _ => new GrafanaFault.CutAfterDoing(),
            };
        }
    }

    /// <summary>Has a request meet its fault. Ends true when it was dealt with.</summary>
    internal static async Task<bool> MeetAsync(GrafanaFault fault, HttpContext context, RequestDelegate next)
    {
        switch (fault)
        {
            case GrafanaFault.Answer answer:
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = answer.ContentType;
                if (answer.RetryAfter is not null) context.Response.Headers.RetryAfter = answer.RetryAfter;
                await context.Response.WriteAsync(answer.Body);
                return true;
            case GrafanaFault.Reset:
                context.Abort();
                return true;
            case GrafanaFault.CutAfterDoing:
                context.Response.Body = Stream.Null;
                await next(context);
                context.Abort();
                return true;
            case GrafanaFault.Hang hang:
                await hang.WaitAsync();
                return false;
            default:
                return false;
        }
    }
}
