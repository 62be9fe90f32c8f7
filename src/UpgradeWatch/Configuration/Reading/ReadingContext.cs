namespace UpgradeWatch.Configuration.Reading;

/// <summary>What is kept while a configuration is read: the mistakes so far, and where relative paths begin.</summary>
/// <param name="Folder">Folder of the configuration file; empty for the working directory.</param>
internal sealed record ReadingContext(string Folder)
{
    // What was written is repeated by names, selectors and the parser, whatever its length: nobody reads that to its end.
    private const int LongestPath = 300;
    private const int LongestMessage = 1000;

    private readonly List<ConfigMistake> _mistakes = [];

    /// <summary>The mistakes in the order of their places.</summary>
    public IReadOnlyList<ConfigMistake> Mistakes =>
        [.. _mistakes.Distinct().OrderBy(mistake => mistake.At.IsEnvironment).ThenBy(mistake => mistake.At.Line).ThenBy(mistake => mistake.At.Column)];

    /// <summary>How many mistakes were told so far.</summary>
    public int Count => _mistakes.Count;

    public void Add(ConfigLocation at, string path, string message) =>
        _mistakes.Add(new ConfigMistake(at, Quoting.Cut(path, LongestPath), Quoting.Cut(message, LongestMessage)));

    /// <summary>Adds a mistake about a key of a mapping, at its value when it is there.</summary>
    public void Add(MapNode map, string path, string key, string message) =>
        Add(map.Find(key)?.Value.At ?? map.At, KeyPath.Join(path, key), message);
}
