namespace UpgradeWatch.Engine.Alerts;

/// <summary>An alert that should fire now.</summary>
/// <param name="Labels">Its identity: the same labels are the same alert.</param>
/// <param name="Annotations">What people are told; may change while it fires.</param>
public sealed record WantedAlert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>When its cause began; null when that is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The labels as one text, by which two alerts are the same.</summary>
    public string Identity => IdentityOf(Labels);

    /// <summary>The identity of labels, in whatever order they come.</summary>
    public static string IdentityOf(IReadOnlyDictionary<string, string> labels) =>
        string.Join('\n', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
