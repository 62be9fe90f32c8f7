using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Analysis.Offline;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Cli.Offline;

/// <summary>What the offline verbs take from the configuration: the false-alarm rate, the time zone, and what is written about single SLIs.</summary>
internal sealed class OfflineSettings
{
    private readonly IReadOnlyList<TargetOptions> _targets;

    private OfflineSettings(UpgradeWatchOptions options)
    {
        _targets = options.Targets;
        FalseAlarmRate = options.Evaluation.FalseAlarmRate;
        TimeZone = TimeZoneInfo.FindSystemTimeZoneById(options.Evaluation.TimeZone);
    }

    /// <summary>Share of good changes that may be flagged.</summary>
    public double FalseAlarmRate { get; }

    /// <summary>Whose time of day counts.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>Reads them; null, and every mistake told, when the configuration is wrong.</summary>
    /// <param name="file">The configuration; null for none: then everything has its default, whatever lies in the working directory.</param>
    /// <param name="context">Where mistakes are told.</param>
    public static OfflineSettings? Load(string? file, CliContext context)
    {
        if (file is null) return new OfflineSettings(new UpgradeWatchOptions());
        var read = ConfigLoader.LoadFile(file);
        if (read.Options is not null) return new OfflineSettings(read.Options);
        foreach (var mistake in read.Mistakes) context.Error.WriteLine(mistake);
        context.Say($"{read.Mistakes.Count} {(read.Mistakes.Count == 1 ? "mistake" : "mistakes")} in the configuration");
        return null;
    }

    /// <summary>The SLI that is meant by its name, or by its target and its name.</summary>
    /// <param name="name"><c>queue</c> or <c>checkout/queue</c>.</param>
    /// <param name="sli">The SLI.</param>
    /// <param name="right">What to write instead when there is none, or more than one.</param>
    public bool TryFind(string name, out SliOptions? sli, out string right)
    {
        var known = _targets.SelectMany(target => target.Slis.Select(one => (Path: $"{target.Name}/{one.Name}", Sli: one))).ToArray();
        var found = known.Where(entry => entry.Path == name || entry.Sli.Name == name).ToArray();
        sli = found.Length == 1 ? found[0].Sli : null;
        right = known.Length == 0
            ? "the configuration has no slis; give one with --config, or leave it out"
            : $"write one of {string.Join(", ", (found.Length > 1 ? found : known).Select(entry => entry.Path))}, or nothing";
        return sli is not null;
    }

    /// <summary>An input with what is written about its SLI laid over it.</summary>
    public static SeriesInput Apply(SeriesInput input, SliOptions? sli)
    {
        if (sli is null) return input;
        var usual = SeriesAnalysis.DefaultTolerance(input.Measure);
        return input with
        {
            Name = sli.Name,
            Unit = sli.Unit ?? input.Unit,
            Tolerance = new Tolerance(sli.ToleranceRelative ?? usual.Relative, sli.ToleranceAbsolute ?? usual.Absolute),
            UpperLimit = input.Direction == Direction.Down ? null : sli.AbsoluteLimit,
            LowerLimit = input.Direction == Direction.Down ? sli.AbsoluteLimit : null,
        };
    }
}
