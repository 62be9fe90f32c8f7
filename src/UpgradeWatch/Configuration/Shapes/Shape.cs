using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>
/// What a value may be. One description serves three purposes: reading with every mistake told, and the JSON Schema
/// with its sentences.
/// </summary>
internal abstract class Shape<T>
{
    /// <summary>What would be right, for instance <c>a number from 0.1 to 3600</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether what was read is laid over even when it has mistakes, so that the rest can be checked against it.</summary>
    public virtual bool KeepsMistaken => false;

    /// <summary>Reads a value that is there; tells every mistake in it and then gives false.</summary>
    public abstract bool TryRead(ConfigNode node, string path, ReadingContext context, out T value);

    /// <summary>The same as JSON Schema.</summary>
    public abstract JsonObject Schema();

    /// <summary>Tells that the value is something else than expected.</summary>
    protected bool Refuse(ConfigNode node, string path, ReadingContext context)
    {
        context.Add(node.At, path, $"is {node.Describe()}; write {Expected}");
        return false;
    }
}
