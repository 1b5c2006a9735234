using System.Buffers;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// Verifies blocks and stores them, each while the next is read: to receive, to hash and to write take about as long as each other, and where there is a
/// second core they need not wait for each other. The target hears of one thing at a time, in the order of the wire. Not for use from several threads.
/// </summary>
internal sealed class BlockStoring(BlobHash hash, BlobTree tree, IBlobTarget target, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly byte[] _pairs = ArrayPool<byte>.Shared.Rent(Block.MaxPairsSize);
    private byte[] _reading = [];
    private byte[] _storing = [];
    private List<(long Offset, byte[] Pair)> _parents = [];
    private List<(long Offset, byte[] Pair)> _storingParents = [];
    private Task _under = Task.CompletedTask;
    private CancellationTokenSource? _failed;

    /// <summary>What reading goes on until: whoever gave it up, or a block that turned out to be wrong.</summary>
    public CancellationToken Token => _failed?.Token ?? cancellationToken;

    /// <summary>Room for the wire form of the next block.</summary>
    public Memory<byte> Reserve(int size)
    {
        if (_reading.Length < size)
        {
            ArrayPool<byte>.Shared.Return(_reading);
            _reading = ArrayPool<byte>.Shared.Rent(size);
        }

        return _reading.AsMemory(0, size);
    }

    /// <summary>Takes an inner node above the blocks, which was verified. It is stored before the next block.</summary>
    public void Add(TreeNode node, byte[] pair) => _parents.Add((node.OutboardOffset, pair));

    /// <summary>Has a block verified and stored, once the one before is.</summary>
    /// <param name="node">The block.</param>
    /// <param name="expected">What it has to hash to.</param>
    /// <param name="wire">Its wire form, in what <see cref="Reserve"/> gave.</param>
    /// <param name="isLast">Whether nothing follows that could be read meanwhile.</param>
    /// <exception cref="BlobException">This block, or one before it, is not what was asked for.</exception>
    public async ValueTask StoreAsync(TreeNode node, ChainingValue expected, ReadOnlyMemory<byte> wire, bool isLast)
    {
        await _under.ConfigureAwait(false);
        (_reading, _storing) = (_storing, _reading);
        (_parents, _storingParents) = (_storingParents, _parents);
        if (isLast)
        {
            await VerifyAndWriteAsync(node, expected, wire).ConfigureAwait(false);
        }
        else
        {
            _failed ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _under = Task.Run(() => StoreWhileReadingAsync(node, expected, wire), CancellationToken.None);
        }
    }

    /// <summary>Waits until all is stored.</summary>
    /// <exception cref="BlobException">A block is not what was asked for.</exception>
    public async ValueTask FinishAsync()
    {
        await _under.ConfigureAwait(false);
        foreach ((long offset, byte[] pair) in _parents)
        {
            await target.WritePairsAsync(offset, pair, CancellationToken.None).ConfigureAwait(false);
        }

        _parents.Clear();
    }

    /// <summary>Gives the buffers back when nobody uses them any more. What went wrong is the business of whoever stored.</summary>
    public async ValueTask DisposeAsync()
    {
        await _under.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _failed?.Dispose();
        foreach (byte[] buffer in (byte[][])[_pairs, _reading, _storing])
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Whoever lies may have nothing more to say: nobody waits for that.
    private async Task StoreWhileReadingAsync(TreeNode node, ChainingValue expected, ReadOnlyMemory<byte> wire)
    {
        try
        {
            await VerifyAndWriteAsync(node, expected, wire).ConfigureAwait(false);
        }
        catch
        {
            await _failed!.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task VerifyAndWriteAsync(TreeNode node, ChainingValue expected, ReadOnlyMemory<byte> wire)
    {
        foreach ((long offset, byte[] pair) in _storingParents)
        {
            await target.WritePairsAsync(offset, pair, cancellationToken).ConfigureAwait(false);
        }

        _storingParents.Clear();
        if (Block.VerifyWire(tree, node, wire.Span, expected) is { } problem)
        {
            throw BlobException.Mismatch(hash, problem.ToString());
        }

        if (!node.IsLeaf)
        {
            Memory<byte> pairs = _pairs.AsMemory(0, (int)node.OutboardSize);
            Block.GatherPairs(tree, node, wire.Span, pairs.Span);
            await target.WritePairsAsync(node.OutboardOffset, pairs, cancellationToken).ConfigureAwait(false);
        }

        await target.WriteBlockAsync(tree, node, wire, cancellationToken).ConfigureAwait(false);
    }
}
