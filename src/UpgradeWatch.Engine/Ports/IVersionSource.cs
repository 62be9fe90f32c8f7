using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Engine.Ports;

/// <summary>Tells which versions of a target ran when, from the label of a metric.</summary>
public interface IVersionSource
{
    /// <summary>Counts the instances of each version at steps from one time to another.</summary>
    /// <param name="target">A target with a <see cref="TargetOptions.VersionMetric"/>.</param>
    /// <param name="from">The first step.</param>
    /// <param name="until">No step is later.</param>
    /// <param name="stepSeconds">Seconds between two steps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SourceReply<VersionCounts>> VersionsAsync(TargetOptions target, DateTimeOffset from, DateTimeOffset until, double stepSeconds, CancellationToken cancellationToken);
}

/// <summary>How many instances of each version there were.</summary>
/// <param name="From">The first step.</param>
/// <param name="StepSeconds">Seconds between two steps.</param>
/// <param name="ByVersion">Instances at each step, 0 for none; all of the same length.</param>
public sealed record VersionCounts(DateTimeOffset From, double StepSeconds, IReadOnlyDictionary<string, double[]> ByVersion)
{
    /// <summary>Number of steps.</summary>
    public int Steps => ByVersion.Values.Select(one => one.Length).FirstOrDefault();

    /// <summary>The time of a step.</summary>
    public DateTimeOffset At(int step) => From.AddSeconds(step * StepSeconds);

    /// <summary>These steps and later ones of the same length, as far as they are not older than a time.</summary>
    public VersionCounts With(VersionCounts later, DateTimeOffset oldest)
    {
        var gap = (int)Math.Round((later.From - From).TotalSeconds / StepSeconds);
        var skip = Math.Clamp((int)Math.Floor((oldest - From).TotalSeconds / StepSeconds), 0, Math.Max(0, gap));
        var count = gap - skip + later.Steps;
        var joined = new Dictionary<string, double[]>();
        foreach (var version in ByVersion.Keys.Union(later.ByVersion.Keys))
        {
            var values = new double[count];
            if (ByVersion.TryGetValue(version, out var before)) before.AsSpan(skip..Math.Min(before.Length, gap)).CopyTo(values);
            if (later.ByVersion.TryGetValue(version, out var after)) after.CopyTo(values, gap - skip);
            if (values.AsSpan().ContainsAnyExcept(0.0)) joined[version] = values;
        }

        return new VersionCounts(At(skip), StepSeconds, joined);
    }
}
