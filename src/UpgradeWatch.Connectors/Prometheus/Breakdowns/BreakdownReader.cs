using System.Globalization;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Engine.Breakdowns;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Counts events by label values: one look at how many combinations there are, then one query for each of the two windows.</summary>
internal sealed class BreakdownReader(PrometheusClient client, SourceCounters counters)
{
    /// <summary>So many combinations of label values are taken; labels beyond that are left out, the last first.</summary>
    private const int MostCombinations = 2000;

    /// <summary>More rows than this are refused: over a longer time there are more combinations than at one moment.</summary>
    private const int MostRows = 5000;

    public async Task<SourceReply<Breakdown>> ReadAsync(TargetPlan plan, BreakdownRequest request, CancellationToken cancellationToken)
    {
        var signal = plan.Signals.First(signal => signal.Name == request.Signal);
        if (BreakdownParts.Of(signal, request, request.Labels) is not [_, ..])
        {
            return new SourceFailure(SourceFailureKind.Refused, $"signal {signal.Name} has no events that could be counted by their labels");
        }

        var labels = await BoundedAsync(plan, request, BreakdownParts.All(signal)[0], cancellationToken);
        if (labels.Value is null)
        {
            return labels.Failure!;
        }

        var parts = BreakdownParts.Of(signal, request, labels.Value);
        var before = await IncreasesAsync(plan, parts, request.BeforeFirst, request.BeforeLast, cancellationToken);
        var since = before.Value is null ? before : await IncreasesAsync(plan, parts, request.SinceFirst, request.SinceLast, cancellationToken);
        return before.Value is null || since.Value is null
            ? since.Failure!
            : Build(plan, request, labels.Value, parts, before.Value, since.Value);
    }

    private async Task<SourceReply<IReadOnlyList<string>>> BoundedAsync(
        TargetPlan plan, BreakdownRequest request, Selector counter, CancellationToken cancellationToken)
    {
        var reply = await client.InstantAsync(BreakdownQuery.Combinations(plan, counter, request.Labels), plan.EndOf(request.SinceLast), cancellationToken);
        if (reply.Value is null)
        {
            return reply.Failure!;
        }

        var fitting = reply.Value.Series.Where(series => series.Points is [(_, <= MostCombinations), ..]).Select(Number).DefaultIfEmpty(0).Max();
        string[] labels = [.. request.Labels.Take(reply.Value.Series.Count == 0 ? request.Labels.Count : fitting)];
        return labels.Length == 0
            ? new SourceFailure(SourceFailureKind.Refused, $"{counter.Metric} has more than {MostCombinations} values of {request.Labels[0]}; name other labels in evaluation.explainBy")
            : labels;
    }

    private async Task<SourceReply<PointList>> IncreasesAsync(
        TargetPlan plan, IReadOnlyList<BreakdownPart> parts, long first, long last, CancellationToken cancellationToken)
    {
        var reply = await client.InstantAsync(BreakdownQuery.Increases(plan, parts, last - first + 1, MostRows + 1), plan.EndOf(last), cancellationToken);
        if (reply.Value is null)
        {
            return reply;
        }

        counters.CountFetched(PrometheusClient.SourceName, reply.Value.Series.Count);
        return reply.Value.Series.GroupBy(Number).Any(part => part.Count() > MostRows)
            ? new SourceFailure(SourceFailureKind.Refused, $"there are more than {MostRows} combinations of {string.Join(", ", parts[0].Labels)}; name fewer labels in evaluation.explainBy")
            : reply;
    }

    private static SourceReply<Breakdown> Build(
        TargetPlan plan, BreakdownRequest request, IReadOnlyList<string> labels, IReadOnlyList<BreakdownPart> parts, PointList before, PointList since)
    {
        var rows = new BreakdownRows(labels);
        Add(before, isSince: false);
        Add(since, isSince: true);

        // A bound that is spelled in a way nobody thought of would make every request a slow one.
        if (parts.Any(part => part.Sign < 0) && !before.Series.Concat(since.Series).Any(series => parts[Number(series)].Sign < 0))
        {
            return new SourceFailure(SourceFailureKind.Refused, $"no bucket of {parts[0].Counter.Metric} has the bound {request.AboveSeconds} s");
        }

        return rows.Build(
            (request.BeforeLast - request.BeforeFirst + 1) * plan.StepSeconds,
            (request.SinceLast - request.SinceFirst + 1) * plan.StepSeconds,
            before.Series.Count + since.Series.Count);

        void Add(PointList answer, bool isSince)
        {
            foreach (var series in answer.Series)
            {
                var part = parts[Number(series)];
                if (series.Points is [(_, var value), ..] && double.IsFinite(value)) rows.Add(part.IsEvent, part.Sign * value, series.Labels.GetValueOrDefault, isSince);
            }
        }
    }

    private static int Number(PointSeries series) =>
        int.Parse(series.Labels.GetValueOrDefault(BreakdownQuery.PartLabel) ?? "0", CultureInfo.InvariantCulture);
}
