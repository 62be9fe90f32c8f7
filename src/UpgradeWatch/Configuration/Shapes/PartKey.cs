using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>A key of a part of the owner, written as if it were the owner's own.</summary>
/// <param name="inner">The key of the part.</param>
/// <param name="get">The part.</param>
/// <param name="set">The owner with another part.</param>
internal sealed class PartKey<TOwner, TPart>(Key<TPart> inner, Func<TOwner, TPart> get, Func<TOwner, TPart, TOwner> set) : Key<TOwner>(inner.Name, inner.Meaning)
{
    public override void Apply(ref TOwner owner, ConfigNode node, string path, ReadingContext context)
    {
        var part = get(owner);
        inner.Apply(ref part, node, path, context);
        owner = set(owner, part);
    }

    public override JsonObject Schema(TOwner owner) => inner.Schema(get(owner));
}
