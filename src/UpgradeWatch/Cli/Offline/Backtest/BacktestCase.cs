using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Cli.Offline.Backtest;

/// <summary>One past change to be judged.</summary>
internal sealed record BacktestCase
{
    /// <summary>Its name, unique in the list.</summary>
    public required string Name { get; init; }

    /// <summary>The line of the list.</summary>
    public required int Line { get; init; }

    /// <summary>Where its series is.</summary>
    public required string Path { get; init; }

    /// <summary>When the change was, seconds since 1970.</summary>
    public required double ChangeAt { get; init; }

    /// <summary>Whether times are written as Unix seconds in the list; else as RFC 3339.</summary>
    public required bool InSeconds { get; init; }

    /// <summary>What its series must be.</summary>
    public required Measure Measure { get; init; }

    /// <summary>Which way is bad.</summary>
    public required Direction Direction { get; init; }

    /// <summary>What is configured for its SLI; null for nothing.</summary>
    public SliOptions? Sli { get; init; }
}
