namespace UpgradeWatch.Configuration.Reading;

/// <summary>A piece of configuration as it was written, with its place.</summary>
internal abstract record ConfigNode(ConfigLocation At)
{
    /// <summary>What it is, in words for a message.</summary>
    public abstract string Describe();

    /// <summary>Whether nothing was written (<c>key:</c>, <c>~</c>, <c>null</c>).</summary>
    public virtual bool IsEmpty => false;
}

/// <summary>One value. <paramref name="Plain"/> is false when it was quoted: then it is text whatever it looks like.</summary>
internal sealed record ScalarNode(ConfigLocation At, string Text, bool Plain) : ConfigNode(At)
{
    public override bool IsEmpty => Plain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Describe() => IsEmpty ? "empty" : Quoting.Show(Text);
}

/// <summary>Keys with their values, in the order written; a key occurs once.</summary>
internal sealed record MapNode(ConfigLocation At, IReadOnlyList<MapEntry> Entries) : ConfigNode(At)
{
    public override string Describe() => "a mapping of keys";

    /// <summary>The entry of a key; null when it is not there.</summary>
    public MapEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Is(key));
}

/// <summary>One key with its value.</summary>
internal sealed record MapEntry(string Key, ConfigLocation KeyAt, ConfigNode Value)
{
    public bool Is(string key) =>
        string.Equals(Key, key, KeyAt.IsEnvironment ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>Values one after the other.</summary>
internal sealed record ListNode(ConfigLocation At, IReadOnlyList<ConfigNode> Items) : ConfigNode(At)
{
    public override string Describe() => "a list";
}
