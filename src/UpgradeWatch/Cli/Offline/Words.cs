using System.Globalization;
using UpgradeWatch.Analysis.Findings;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Cli.Offline;

/// <summary>The words and times that files and options of the offline verbs have in common.</summary>
internal static class Words
{
    /// <summary>What a time may look like, for messages.</summary>
    public const string TimeExpected = "write Unix seconds or a time such as 2026-05-04T13:37:00Z";

    private const double Latest = 253_402_300_799;

    /// <summary>What a series can be.</summary>
    public static readonly string[] Kinds = ["gauge", "ratio", "latency"];

    /// <summary>Which way can be bad.</summary>
    public static readonly string[] Directions = ["up", "down", "both"];

    /// <summary>The kind that a header stands for.</summary>
    public static string KindOf(Measure measure) => measure switch { Measure.Ratio => "ratio", Measure.Buckets => "latency", _ => "gauge" };

    /// <summary>The measure of a kind; null for null.</summary>
    public static Measure? MeasureOf(string? kind) => kind switch { null => null, "ratio" => Measure.Ratio, "latency" => Measure.Buckets, _ => Measure.Gauge };

    /// <summary>The direction of its word; where none is given, both for gauges and up for the others.</summary>
    public static Direction DirectionOf(string? word, Measure measure) => string.IsNullOrEmpty(word)
        ? (measure == Measure.Gauge ? Direction.Both : Direction.Up)
        : (Direction)Array.IndexOf(Directions, word);

    /// <summary>Unix seconds, or RFC 3339; null for anything else.</summary>
    public static double? Time(string text) =>
        UtcTimeConverter.TryParse(text, out var time) ? (time - DateTimeOffset.UnixEpoch).TotalSeconds
        : Number(text) is >= 0 and <= Latest and var seconds ? seconds
        : null;

    /// <summary>A finite number; null for anything else.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
