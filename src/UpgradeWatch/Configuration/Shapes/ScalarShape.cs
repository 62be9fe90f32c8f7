using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>One value: text, a number, true or false.</summary>
internal abstract class ScalarShape<T> : Shape<T>
{
    public override bool TryRead(ConfigNode node, string path, ReadingContext context, out T value)
    {
        value = default!;
        if (node is not ScalarNode { IsEmpty: false } scalar) return Refuse(node, path, context);
        if (TryParse(scalar, context, out value, out var hint)) return true;
        context.Add(node.At, path, $"is {Show(scalar)}; {hint ?? "write " + Expected}");
        return false;
    }

    /// <summary>Parses what was written. When that fails, a hint may say better than <see cref="Shape{T}.Expected"/> what would be right.</summary>
    protected abstract bool TryParse(ScalarNode scalar, ReadingContext context, out T value, out string? hint);

    /// <summary>How the value is shown in a message; what may be secret is not.</summary>
    protected virtual string Show(ScalarNode scalar) => scalar.Describe();
}
