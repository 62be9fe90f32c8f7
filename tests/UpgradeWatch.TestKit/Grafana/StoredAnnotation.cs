namespace UpgradeWatch.TestKit.Grafana;

/// <summary>One annotation as the server keeps it. Times are Unix milliseconds; a point ends when it begins.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Time">Start.</param>
/// <param name="TimeEnd">End.</param>
/// <param name="Text">Text.</param>
/// <param name="Tags">Tags as they are shown; null after a PUT without any.</param>
/// <param name="Index">Tags as they are found.</param>
/// <param name="Login">Who made it; empty for a token.</param>
public sealed record StoredAnnotation(long Id, long Time, long TimeEnd, string Text, IReadOnlyList<string>? Tags, IReadOnlyList<TagPair> Index, string Login)
{
    /// <summary>Number of the dashboard that it belongs to; 0 for none.</summary>
    public long DashboardId { get; init; }

    /// <summary>Uid of that dashboard; null for none.</summary>
    public string? DashboardUid { get; init; }
}

/// <summary>A tag in its two halves; <paramref name="Value"/> is empty for none.</summary>
public readonly record struct TagPair(string Key, string Value)
{
    /// <summary>Reads tags as Grafana does: trimmed, without those that have no name, without what follows a second colon, each once.</summary>
    public static IReadOnlyList<TagPair> Parse(IEnumerable<string> tags)
    {
        var pairs = new List<TagPair>();
        foreach (var parts in tags.Select(tag => tag.Split(':')))
        {
            var pair = new TagPair(parts[0].Trim(), parts.Length > 1 ? parts[1].Trim() : "");
            if (pair.Key.Length > 0 && !pairs.Contains(pair)) pairs.Add(pair);
        }

        return pairs;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.Length == 0 ? Key : $"{Key}:{Value}";
}
