using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Fuzzing;

/// <summary>
/// Feeds damaged texts to a parser: a million with <c>UPGRADEWATCH_FULL=1</c>, else a few thousand. Whatever is wrong with
/// a text, the parser must say so in its own way, and soon.
/// </summary>
public static class Fuzz
{
    private const int Few = 5_000;
    private const int Many = 1_000_000;
    private const int PerSeed = 500;

    /// <summary>More processor time than this for one text, three times in a row, is a way to keep UpgradeWatch busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs it.</summary>
    /// <param name="folder">The corpus: good texts, and those that were found to do harm once.</param>
    /// <param name="makeParser">Makes a parser for one thread; an exception out of it is a defect.</param>
    /// <returns>How many texts were fed.</returns>
    /// <exception cref="FuzzException">A text did harm; it names the text, which belongs into the corpus.</exception>
    public static int Run(string folder, Func<Action<byte[]>> makeParser)
    {
        ArgumentNullException.ThrowIfNull(makeParser);
        byte[][] corpus = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        if (corpus.Length == 0) throw new InvalidOperationException($"There is no text in {folder}.");

        var first = makeParser();
        foreach (var text in corpus) Feed(first, text);
        var texts = Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? Many : Few;
        var mutator = new Mutator(corpus);
        Parallel.For(
            0,
            texts / PerSeed,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            makeParser,
            (seed, _, parser) =>
            {
                var random = new Random(seed);
                for (var i = 0; i < PerSeed; i++) Feed(parser, mutator.Next(random));
                return parser;
            },
            _ => { });
        return corpus.Length + texts;
    }

    private static void Feed(Action<byte[]> parser, byte[] text)
    {
        for (var attempt = 1; ; attempt++)
        {
            var began = ThreadTime.Used();
            try
            {
                parser(text);
            }
            catch (Exception harm)
            {
                throw new FuzzException($"a text of {text.Length} bytes made it throw {harm.GetType().Name}: {harm.Message}", text, harm);
            }

            // The first times include what the runtime compiles and collects.
            if (ThreadTime.Used() - began < Patience) return;
            if (attempt == 3) throw new FuzzException($"a text of {text.Length} bytes took it over {Patience.TotalMilliseconds} ms of processor time, three times", text, null);
        }
    }
}
