namespace UpgradeWatch.Configuration.Reading;

/// <summary>Where a key or a value was written: a place in a file, or an environment variable (line 0, as for a file as a whole).</summary>
internal readonly record struct ConfigLocation(string Source, long Line, long Column)
{
    /// <summary>Environment variables are written in any case; keys in a file are not.</summary>
    public bool IsEnvironment => Line == 0;

    public override string ToString() => IsEnvironment ? Source : $"{Source}:{Line}:{Column}";
}
