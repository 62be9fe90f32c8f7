namespace UpgradeWatch.Engine.Options;

/// <summary>What tells this UpgradeWatch from others (<c>instance</c>).</summary>
public sealed record InstanceOptions
{
    /// <summary>Labels put on verdicts, alerts and annotations, for instance <c>cluster</c> and <c>environment</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
