using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace UpgradeWatch.Connectors.Scrape.Series;

/// <summary>What a series is, however it is written.</summary>
internal static class SeriesIdentity
{
    /// <summary>128 bits of a hash of the name and the sorted labels; without empty labels, which are the same as none.</summary>
    public static UInt128 Of(string metric, IReadOnlyList<KeyValuePair<string, string>> labels)
    {
        var text = new StringBuilder(metric);
        foreach (var (name, value) in labels.Where(label => label.Value.Length > 0).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            text.Append('\0').Append(name).Append('\0').Append(value.Length).Append('\0').Append(value);
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
