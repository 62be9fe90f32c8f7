using System.Globalization;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Engine.Breakdowns;

/// <summary>Which counters a breakdown consists of.</summary>
public static class BreakdownParts
{
    /// <summary>The counters; none where the signal has no such events.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="labels">The labels.</param>
    public static IReadOnlyList<BreakdownPart> Of(SignalDefinition signal, BreakdownRequest request, IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(signal);
        ArgumentNullException.ThrowIfNull(request);
        return request.Part switch
        {
            SignalPart.Errors => Errors(signal, labels),
            SignalPart.Traffic => [.. All(signal).Select(counter => new BreakdownPart(true, 1, counter, labels))],
            SignalPart.Distribution when signal.Buckets is { } buckets && request.AboveSeconds is { } bound => Slow(buckets, bound / signal.BoundUnitSeconds, labels),
            _ => [],
        };
    }

    /// <summary>The counters of all events: the histogram's last bucket where there is none of its own.</summary>
    public static IReadOnlyList<Selector> All(SignalDefinition signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.All.Count > 0 ? signal.All : signal.Buckets is { } buckets ? [buckets.With([new LabelMatch("le", MatchOperator.Equal, "+Inf")])] : [];
    }

    // By what makes an event a bad one, its status, all events cannot be told apart: it would be the bad ones again.
    private static List<BreakdownPart> Errors(SignalDefinition signal, IReadOnlyList<string> labels)
    {
        var shared = All(signal).SelectMany(counter => counter.Matches).ToHashSet();
        var kinds = signal.Bad.SelectMany(counter => counter.Matches).Where(match => !shared.Contains(match)).Select(match => match.Name).ToHashSet();
        return
        [
            .. signal.Bad.Select(counter => new BreakdownPart(true, 1, counter, labels)),
            .. All(signal).Select(counter => new BreakdownPart(false, 1, counter, [.. labels.Where(label => !kinds.Contains(label))])),
        ];
    }

    private static List<BreakdownPart> Slow(Selector buckets, double bound, IReadOnlyList<string> labels)
    {
        var all = buckets.With([new LabelMatch("le", MatchOperator.Equal, "+Inf")]);
        var below = buckets.With([new LabelMatch("le", MatchOperator.Matches, Spellings(bound))]);
        return [new BreakdownPart(true, 1, all, labels), new BreakdownPart(true, -1, below, labels), new BreakdownPart(false, 1, all, labels)];
    }

    // Exporters write bounds as 1, 1.0 or 1e+00.
    private static string Spellings(double bound)
    {
        var plain = bound.ToString("0.####################", CultureInfo.InvariantCulture);
        var shortest = bound.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant();
        string[] ways = [plain, plain.Contains('.', StringComparison.Ordinal) ? plain + "0" : plain + ".0", shortest, bound.ToString("0.################e+00", CultureInfo.InvariantCulture)];
        return string.Join('|', ways.Distinct().Select(way => way.Replace(".", "\\.", StringComparison.Ordinal).Replace("+", "\\+", StringComparison.Ordinal)));
    }
}
