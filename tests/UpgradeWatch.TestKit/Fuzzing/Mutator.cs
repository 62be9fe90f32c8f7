using System.Text;

namespace UpgradeWatch.TestKit.Fuzzing;

/// <summary>Makes damaged texts out of good ones: bytes changed, pieces cut, doubled, swapped and repeated, numbers at their ends.</summary>
/// <param name="corpus">Texts to begin with.</param>
public sealed class Mutator(IReadOnlyList<byte[]> corpus)
{
    private const int MostChanges = 6;
    private const int LargestInput = 64 * 1024;

    // What parsers stumble over: ends of numbers, brackets that nest, quotes that do not close, bytes that are no UTF-8.
    private static readonly byte[][] Morsels =
    [
        .. new[]
        {
            "\"", "\\", "\\u", "\\ud800", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\t", " ", "#", "# EOF", "'", "|", ">", "&a ", "*a", "<<: ", "!!str ", "---\n", "- ",
            "0", "-0", "-1", "1e999", "-1e999", "1e-999", "NaN", "+Inf", "-Inf", "Infinity", "null", "true", "9223372036854775808", "18446744073709551616", "0x10", "1_000", "0.1.2",
            "le=\"+Inf\"", "{}", "[[", "{\"a\":", "\ufeff", "\u202e", "\0",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
    ];

    /// <summary>The next text.</summary>
    public byte[] Next(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        List<byte> text = [.. corpus[random.Next(corpus.Count)]];
        for (var change = 1 + random.Next(MostChanges); change > 0; change--) Change(text, random);
        if (text.Count > LargestInput) text.RemoveRange(LargestInput, text.Count - LargestInput);
        return [.. text];
    }

    private void Change(List<byte> text, Random random)
    {
        var (at, length) = Piece(text.Count, random);
        switch (random.Next(8))
        {
            case 0 when text.Count > 0:
                text[Math.Min(at, text.Count - 1)] = (byte)random.Next(256);
                break;
            case 1:
                text.RemoveRange(at, length);
                break;
            case 2:
                text.InsertRange(at, text.GetRange(at, length));
                break;
            case 3:
                Repeat(text, at, Math.Min(length, 40), random);
                break;
            case 4:
                var other = corpus[random.Next(corpus.Count)];
                var (from, count) = Piece(other.Length, random);
                text.InsertRange(at, other.AsSpan(from, count).ToArray());
                break;
            case 5:
                text.RemoveRange(at, text.Count - at);
                break;
            case 6 when length > 0:
                text.RemoveRange(at, Math.Min(length, 8));
                text.InsertRange(at, Morsels[random.Next(Morsels.Length)]);
                break;
            default:
                text.InsertRange(at, Morsels[random.Next(Morsels.Length)]);
                break;
        }
    }

    // Now and then thousands of times: what nests must not be read by nesting calls.
    private static void Repeat(List<byte> text, int at, int length, Random random)
    {
        var piece = text.GetRange(at, length);
        var times = random.Next(20) == 0 ? random.Next(5000) : random.Next(8);
        List<byte> run = new(length * times);
        for (; times > 0; times--) run.AddRange(piece);
        text.InsertRange(at, run);
    }

    private static (int At, int Length) Piece(int count, Random random)
    {
        var at = random.Next(count + 1);
        return (at, Math.Min(count - at, random.Next(3) == 0 ? random.Next(200) : random.Next(6)));
    }
}
