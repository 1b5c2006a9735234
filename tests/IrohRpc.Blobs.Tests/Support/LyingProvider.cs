using System.Buffers.Binary;
using IrohRpc.Blobs.Protocol;
using IrohRpc.Transports;

namespace IrohRpc.Blobs.Tests.Support;

/// <summary>A provider that answers each request for a blob with one kind of lie.</summary>
internal sealed class LyingProvider(BlobStore source, BlobHash hash, string lie) : IProtocolHandler
{
    private readonly TaskCompletionSource _dropped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a request that only asks for the size is answered truthfully.</summary>
    public bool ProofsAreHonest { get; init; }

    /// <summary>Completes when the connection of somebody who was lied to has ended.</summary>
    public Task Dropped => _dropped.Task;

    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
                await AnswerAsync(stream, cancellationToken);
            }
        }
        catch (PeerException)
        {
            _dropped.TrySetResult();
        }
    }

    private async Task AnswerAsync(PeerStream stream, CancellationToken cancellationToken)
    {
        var request = new MemoryStream();
        await stream.CopyToAsync(request, cancellationToken);
        Assert.True(BlobRequest.TryDecode(BlobRequestKind.Get, request.ToArray().AsSpan(1), out BlobRequest? decoded, out _));
        ChunkRanges ranges = decoded.Ranges.Selected().First().Ranges;
        byte[] answer = await Encoded.EncodeAsync(source, hash, ranges);
        if (!(ProofsAreHonest && ranges.Equals(ChunkRanges.LastChunk)))
        {
            switch (lie)
            {
                case "size":
                    BinaryPrimitives.WriteInt64LittleEndian(answer, source.Find(hash)!.Size + (1024 * 1024));
                    answer = [.. answer, .. new byte[100_000]];
                    break;
                case "chunk":
                    answer[^5] ^= 1;
                    break;
                case "parent":
                    answer[8 + 70] ^= 1;
                    break;
                case "nothing":
                    answer = [];
                    break;
                case "reset":
                    stream.AbortWrite(77);
                    return;
                case "garbage":
                    answer = TestData.Random(100_000);
                    break;
            }
        }

        try
        {
            await stream.WriteAsync(answer, completeWrites: true, cancellationToken);
        }
        catch (PeerException)
        {
            // The getter has heard enough.
        }
    }
}
