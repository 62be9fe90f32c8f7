using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Engine.Profiles;

namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>Puts the answers to the queries of a plan together to the numbers of its steps.</summary>
/// <param name="plan">The plan.</param>
/// <param name="grid">The steps.</param>
internal sealed class BlockBuilder(TargetPlan plan, StepGrid grid)
{
    private long _samples;

    /// <summary>The block.</summary>
    /// <param name="answers">An answer for every query, complete or refused.</param>
    public StepBlock Build(IReadOnlyList<(PlannedQuery Query, SourceReply<Matrix> Reply)> answers)
    {
        var instances = answers.Where(answer => answer.Query.Purpose == QueryPurpose.Instances).Select(answer => answer.Reply.Value).FirstOrDefault();
        var (up, down, started) = Instances(instances);
        var signals = plan.Signals.ToDictionary(
            signal => signal.Name,
            signal => Signal(signal, [.. answers.Where(answer => answer.Query.Signal == signal)]));
        return new StepBlock
        {
            StepSeconds = plan.StepSeconds,
            FirstStep = grid.First,
            Count = grid.Count,
            Up = up,
            Down = down,
            Started = started,
            Blind = plan.SeesAnyUp ? Blind(instances) : null,
            Signals = signals,
            Samples = _samples,
        };
    }

    private (int[] Up, int[] Down, bool[] Started) Instances(Matrix? matrix)
    {
        var up = new int[grid.Count];
        var down = new int[grid.Count];
        var started = new bool[grid.Count];
        _samples += matrix?.Samples ?? 0;
        foreach (var series in matrix?.Series ?? [])
        {
            var state = series.Labels.GetValueOrDefault(TargetQueries.StateLabel);
            for (var i = 0; i < grid.Count; i++)
            {
                var count = (int)series.Values[i];
                switch (state)
                {
                    case TargetQueries.StartedState: started[i] = count > 0; break;
                    case TargetQueries.AnyState: break;
                    case "1": up[i] += count; break;
                    default: down[i] += count; break;
                }
            }
        }

        for (var i = 0; i < grid.Count; i++)
        {
            if (up[i] == 0 && down[i] == 0)
            {
                up[i] = -1;
            }
        }

        return (up, down, started);
    }

    private bool[] Blind(Matrix? instances)
    {
        var any = instances?.Series.FirstOrDefault(series => series.Labels.GetValueOrDefault(TargetQueries.StateLabel) == TargetQueries.AnyState);
        return [.. Enumerable.Range(0, grid.Count).Select(i => !(any?.Values[i] > 0))];
    }

    private SignalSteps Signal(SignalDefinition signal, (PlannedQuery Query, SourceReply<Matrix> Reply)[] answers)
    {
        if (answers.Select(answer => answer.Reply.Failure).FirstOrDefault(failure => failure is not null) is { } refused)
        {
            return new SignalSteps { Failure = refused };
        }

        var byPurpose = answers.ToDictionary(answer => answer.Query.Purpose, answer => answer.Reply.Value!);
        if (byPurpose.TryGetValue(QueryPurpose.Gauge, out var gauge))
        {
            return Gauge(signal, gauge);
        }

        var (bounds, buckets) = HistogramSteps.Read(byPurpose.GetValueOrDefault(QueryPurpose.Buckets), signal.BoundUnitSeconds, grid.Count);
        _samples += buckets?.Sum(bucket => bucket.LongCount(value => !double.IsNaN(value))) ?? 0;
        var all = byPurpose.TryGetValue(QueryPurpose.All, out var total) ? Single(total, double.NaN) : buckets?[^1] ?? Gaps();
        return new SignalSteps
        {
            All = all,
            Bad = byPurpose.TryGetValue(QueryPurpose.Bad, out var bad) ? WhereKnown(Single(bad, 0), all) : null,
            Bounds = bounds,
            Buckets = buckets,
        };
    }

    private SignalSteps Gauge(SignalDefinition signal, Matrix matrix)
    {
        if (matrix.Series.Count > 1)
        {
            return new SignalSteps { Failure = SeveralSeries.Refuse(signal.Name, [.. matrix.Series.Select(series => series.Labels)]) };
        }

        return new SignalSteps { Values = Single(matrix, double.NaN) };
    }

    private double[] Single(Matrix matrix, double absent)
    {
        _samples += matrix.Samples;
        var values = matrix.Series.FirstOrDefault()?.Values ?? Filled(absent);

        // What is not finite cannot be compared with anything: a gap.
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.IsFinite(values[i]) ? values[i] : double.NaN;
        }

        return values;
    }

    private static double[] WhereKnown(double[] bad, double[] all)
    {
        for (var i = 0; i < bad.Length; i++)
        {
            bad[i] = double.IsNaN(all[i]) ? double.NaN : bad[i];
        }

        return bad;
    }

    private double[] Gaps() => Filled(double.NaN);

    private double[] Filled(double value)
    {
        var values = new double[grid.Count];
        Array.Fill(values, value);
        return values;
    }
}
