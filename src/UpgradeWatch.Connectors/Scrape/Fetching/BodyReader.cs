using System.Buffers.Binary;
using System.IO.Compression;
using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Connectors.Scrape.Fetching;

/// <summary>Reads and unpacks the body of an answer within bounds.</summary>
internal static class BodyReader
{
    // The end of a gzip body: four bytes of checksum, four of the length before packing.
    private const int LengthBytes = 4;

    /// <summary>Reads a successful answer.</summary>
    /// <param name="place">The target at the beginning of a sentence.</param>
    /// <param name="response">The answer.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FetchedBody> ReadAsync(string place, HttpResponseMessage response, ExpositionLimits limits, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var type = content.Headers.ContentType?.MediaType;
        if (type is "text/html" or "application/json" or "application/vnd.google.protobuf")
        {
            return FetchedBody.Refused(SourceFailureKind.Broken, $"{place} answers {type}; text/plain or application/openmetrics-text is expected: is the path right?");
        }

        var format = type == "application/openmetrics-text" ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        var isWhole = content.Headers.ContentLength is not null || response.Headers.TransferEncodingChunked == true;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var encoding = string.Join(',', content.Headers.ContentEncoding);
        switch (encoding)
        {
            case "" or "identity":
                return await PlainAsync(place, stream, limits.BodyBytes, format, isWhole, cancellationToken);
            case "gzip":
                using (var packed = new PooledBytes())
                {
                    return await packed.ReadAsync(stream, limits.BodyBytes, cancellationToken)
                        ? await UnpackAsync(place, packed, limits.BodyBytes, format, cancellationToken)
                        : TooLarge(place, limits.BodyBytes);
                }

            default:
                return FetchedBody.Refused(SourceFailureKind.Broken, $"{place} packs its body as {encoding}; gzip or nothing was asked for.");
        }
    }

    private static async Task<FetchedBody> PlainAsync(string place, Stream stream, int limit, ExpositionFormat format, bool isWhole, CancellationToken cancellationToken)
    {
        var bytes = new PooledBytes();
        try
        {
            if (await bytes.ReadAsync(stream, limit, cancellationToken)) return FetchedBody.Of(bytes, format, isWhole);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }

        bytes.Dispose();
        return TooLarge(place, limit);
    }

    private static async Task<FetchedBody> UnpackAsync(string place, PooledBytes packed, int limit, ExpositionFormat format, CancellationToken cancellationToken)
    {
        await using var unpacking = new GZipStream(packed.AsStream(), CompressionMode.Decompress);
        var body = await PlainAsync(place, unpacking, limit, format, isWhole: true, cancellationToken);
        if (body.Bytes is null || IsComplete(packed.Memory.Span, body.Bytes.Memory.Length)) return body;

        body.Dispose();
        // The stream does not mind when the end is missing.
        return FetchedBody.Refused(SourceFailureKind.Broken, $"{place} sent a gzip body that was cut short.");
    }

    private static bool IsComplete(ReadOnlySpan<byte> packed, int length) =>
        packed.Length > LengthBytes && BinaryPrimitives.ReadInt32LittleEndian(packed[^LengthBytes..]) == length;

    private static FetchedBody TooLarge(string place, int limit) =>
        FetchedBody.Refused(SourceFailureKind.Broken, $"{place} exposes more than {limit >> 20} MiB, which is not read.");
}
