using System.Diagnostics;

namespace UpgradeWatch.Telemetry;

/// <summary>The traces of UpgradeWatch itself.</summary>
internal static class Tracing
{
    /// <summary>Name of the source.</summary>
    public const string Name = "UpgradeWatch";

    /// <summary>The source; an evaluation is one activity with the requests it makes below it.</summary>
    public static readonly ActivitySource Source = new(Name);
}
