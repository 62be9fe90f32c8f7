using System.Text.Json.Nodes;
using UpgradeWatch.Configuration.Reading;

namespace UpgradeWatch.Configuration.Shapes;

/// <summary>One of a few words.</summary>
internal sealed class ChoiceShape<T>(params (string Word, T Value)[] choices) : ScalarShape<T>
{
    public override string Expected => $"one of {string.Join(", ", choices.Select(choice => choice.Word))}";

    public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice.Word)]) };

    /// <summary>The word of a value.</summary>
    public string WordOf(T value) => choices.First(choice => Equals(choice.Value, value)).Word;

    protected override bool TryParse(ScalarNode scalar, ReadingContext context, out T value, out string? hint)
    {
        var found = Array.FindIndex(choices, choice => choice.Word == scalar.Text);
        value = found < 0 ? default! : choices[found].Value;
        var meant = Suggestion.For(scalar.Text, choices.Select(choice => choice.Word));
        hint = meant is null ? null : $"did you mean {meant}? Write {Expected}";
        return found >= 0;
    }
}
