using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>One key of a mapping that is read into <typeparamref name="TOwner"/>.</summary>
internal abstract class Key<TOwner>(string name, string meaning)
{
    /// <summary>The key as it is written.</summary>
    public string Name => name;

    /// <summary>Whether it must be there.</summary>
    public bool Required { get; init; }

    /// <summary>A sentence or two: meaning, unit, range, what holds when it is left out.</summary>
    public string Meaning => meaning;

    /// <summary>Lays the value over the owner, and tells its mistakes.</summary>
    public abstract void Apply(ref TOwner owner, ConfigNode node, string path, ReadingContext context);

    /// <summary>What the value may be, for an owner with defaults.</summary>
    public abstract JsonObject Schema(TOwner owner);
}

/// <summary>A key with a value of its own.</summary>
/// <param name="name">The key.</param>
/// <param name="shapeFor">What the value may be; may depend on what was read into the owner before.</param>
/// <param name="set">Lays the value over.</param>
/// <param name="meaning">What it means.</param>
/// <param name="shown">The default for the schema; null when there is none to show.</param>
internal sealed class Key<TOwner, TValue>(
    string name,
    Func<TOwner, Shape<TValue>> shapeFor,
    Func<TOwner, TValue, TOwner> set,
    string meaning,
    Func<TOwner, JsonNode?>? shown = null) : Key<TOwner>(name, meaning)
{
    public Key(string name, Shape<TValue> shape, Func<TOwner, TValue, TOwner> set, string meaning, Func<TOwner, JsonNode?>? shown = null)
        : this(name, _ => shape, set, meaning, shown)
    {
    }

    public override void Apply(ref TOwner owner, ConfigNode node, string path, ReadingContext context)
    {
        var shape = shapeFor(owner);
        if (shape.TryRead(node, path, context, out var value) || shape.KeepsMistaken) owner = set(owner, value);
    }

    public override JsonObject Schema(TOwner owner)
    {
        var schema = shapeFor(owner).Schema();
        schema["description"] = Meaning;
        if (shown?.Invoke(owner) is { } usual) schema["default"] = usual;
        return schema;
    }
}
