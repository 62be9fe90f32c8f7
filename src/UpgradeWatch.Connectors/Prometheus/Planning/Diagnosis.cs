using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Finds out why there are no series.</summary>
internal sealed class Diagnosis(PrometheusClient client)
{
    private const int ValuesShown = 5;

    /// <summary>Why no series has these labels, in a sentence.</summary>
    public Task<string> NoSeriesAsync(IReadOnlyList<LabelMatch> labels, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        ExplainAsync(metric: null, labels, from, until, cancellationToken);

    /// <summary>Why a selector gives nothing within a window, in a sentence.</summary>
    public Task<string> NoSeriesAsync(Selector selector, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken) =>
        ExplainAsync(selector.Metric, selector.Matches, from, until, cancellationToken);

    private async Task<string> ExplainAsync(
        string? metric, IReadOnlyList<LabelMatch> matches, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var subject = metric ?? "series";
        LabelMatch[] found = metric is null ? [] : [new LabelMatch("__name__", MatchOperator.Equal, metric)];
        if (metric is not null && !await AnyAsync(found))
        {
            return $"Prometheus has no metric {metric} in this window.";
        }

        // Label by label: the first that leaves nothing is to blame.
        foreach (var match in matches)
        {
            if (!await AnyAsync([.. found, match]))
            {
                return await BlameAsync(subject, found, match, from, until, cancellationToken);
            }

            found = [.. found, match];
        }

        return matches.Count == 0 && metric is null
            ? "Prometheus has no series in this window."
            : $"Series of {new Selector(metric ?? "", matches).ToPromQl()} exist, but have no samples in this window.";

        async Task<bool> AnyAsync(LabelMatch[] all)
        {
            var names = await client.LabelValuesAsync("__name__", TargetPlanner.Braces(all), from, until, cancellationToken);
            return names.Value is not { Count: 0 };
        }
    }

    private async Task<string> BlameAsync(
        string subject, LabelMatch[] found, LabelMatch match, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var values = (await client.LabelValuesAsync(match.Name, TargetPlanner.Braces(found), from, until, cancellationToken)).Value ?? [];
        var labels = string.Join(" and ", found.Where(label => label.Name != "__name__").Append(match).Select(label => label.ToPromQl()));
        var nothing = $"Prometheus has no {subject} with {labels}";
        return values.Count == 0
            ? $"{nothing}: there is no label {match.Name}."
            : $"{nothing}: {match.Name} is {string.Join(", ", Nearest(match.Value, values).Select(SelectorText.Quote))}{(values.Count > ValuesShown ? ", …" : "")}.";
    }

    private static IEnumerable<string> Nearest(string wanted, IReadOnlyList<string> values) =>
        values.OrderBy(value => Distance(wanted, value)).ThenBy(value => value, StringComparer.Ordinal).Take(ValuesShown);

    // Levenshtein: insertions, deletions and replacements.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
