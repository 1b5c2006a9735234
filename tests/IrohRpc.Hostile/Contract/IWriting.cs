using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.Hostile;

/// <summary>What cannot be written, in each place.</summary>
[Alpn("writing/1")]
public partial interface IWriting
{
    ValueTask<int> TakeTreeAsync(Tree value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeTolerantAsync(TolerantTree value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeGraphAsync(Graph value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeShapeAsync(IShape value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeTreesAsync(Dictionary<string, List<Tree>> value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeEnumerableAsync(IEnumerable<int> value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeStubbornAsync(Stubborn value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeTextAsync(string value, CancellationToken cancellationToken = default);

    ValueTask<string> GiveNullAsync(CancellationToken cancellationToken = default);

    ValueTask<IWriting> GiveNullContractAsync(CancellationToken cancellationToken = default);

    Task<string> GiveNullTaskAsync(CancellationToken cancellationToken = default);

    ValueTask<Stream> GiveNullStreamAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> GiveNullItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<Tree> GiveTreeAsync(CancellationToken cancellationToken = default);

    ValueTask<IEnumerable<int>> GiveEnumerableAsync(CancellationToken cancellationToken = default);

    ValueTask<Stubborn> GiveStubbornAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<Stubborn> ItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<int> UploadAsync(IAsyncEnumerable<Stubborn> items, CancellationToken cancellationToken = default);

    ValueTask<int> ReportAsync(IProgress<Stubborn> progress, CancellationToken cancellationToken = default);

    ValueTask<int> TakeCollectionAsync(IReadOnlyCollection<int> value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeNumbersAsync(decimal[] value, CancellationToken cancellationToken = default);

    ValueTask<int> TakeBlocksAsync(Blocks value, CancellationToken cancellationToken = default);

    [MessageLimit(100_000)]
    IAsyncEnumerable<IEnumerable<int>> EndlessItemsAsync(CancellationToken cancellationToken = default);

    [MessageLimit(100_000)]
    ValueTask<int> UploadEndlessAsync(IAsyncEnumerable<IEnumerable<int>> items, CancellationToken cancellationToken = default);

    [MessageLimit(100_000)]
    ValueTask<int> ReportEndlessAsync(IProgress<IEnumerable<int>> progress, CancellationToken cancellationToken = default);

    [Fault<EndlessDetail>]
    ValueTask<int> EndlessFaultAsync(CancellationToken cancellationToken = default);

    [MessageLimit(100_000)]
    ValueTask<int> TakeLimitedAsync(IEnumerable<int> value, CancellationToken cancellationToken = default);

    [Fault<Tree>]
    ValueTask<int> DeepFaultAsync(int depth, CancellationToken cancellationToken = default);

    [Fault<Stubborn>]
    ValueTask<int> FaultAsync(bool later, CancellationToken cancellationToken = default);

    [Fault<Stubborn>]
    IAsyncEnumerable<int> FaultItemsAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value whose property throws when it is written.</summary>
[MemoryPackable]
public partial class Stubborn
{
    public string Text
    {
        get => field.Length > 0 ? field : throw new InvalidOperationException("a property that throws");
        set;
    } = "";
}

/// <summary>A detail that has no end.</summary>
[MemoryPackable]
public partial class EndlessDetail
{
    public IEnumerable<int> Numbers { get; set; } = [];
}

/// <summary>Blocks of values that are copied at once, in several collections.</summary>
[MemoryPackable]
public partial class Blocks
{
    [MemoryPackInclude]
    private List<Guid>? _list;

    public ReadOnlyMemory<decimal> Memory { get; set; }

    public Dictionary<string, ImmutableArray<Int128>>? Named { get; set; }

    public static Blocks OfList(int count)
    {
        var list = new List<Guid>();
        CollectionsMarshal.SetCount(list, count);
        return new Blocks { _list = list };
    }
}

/// <summary>A collection that says less than it gives.</summary>
internal sealed class EndlessCollection : IReadOnlyCollection<int>
{
    public int Count => 3;

    public IEnumerator<int> GetEnumerator() => WriteCommand.Endless().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

internal sealed class Writing : IWriting
{
    public ValueTask<int> TakeCollectionAsync(IReadOnlyCollection<int> value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeNumbersAsync(decimal[] value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeBlocksAsync(Blocks value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeLimitedAsync(IEnumerable<int> value, CancellationToken cancellationToken) => new(value.Count());

    public async IAsyncEnumerable<IEnumerable<int>> EndlessItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return [1];
        yield return WriteCommand.Endless();
    }

    public async ValueTask<int> UploadEndlessAsync(IAsyncEnumerable<IEnumerable<int>> items, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (IEnumerable<int> _ in items.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }

    public ValueTask<int> ReportEndlessAsync(IProgress<IEnumerable<int>> progress, CancellationToken cancellationToken)
    {
        progress.Report(WriteCommand.Endless());
        return new(1);
    }

    public ValueTask<int> EndlessFaultAsync(CancellationToken cancellationToken)
        => throw new RpcFaultException<EndlessDetail>(new EndlessDetail { Numbers = WriteCommand.Endless() }, "as told");

    public ValueTask<int> DeepFaultAsync(int depth, CancellationToken cancellationToken)
    {
        var tree = new Tree();
        for (int i = 1; i < depth; i++)
        {
            tree = new Tree { Children = [tree] };
        }

        throw new RpcFaultException<Tree>(tree, "as told");
    }

    public ValueTask<int> TakeTreeAsync(Tree value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeTolerantAsync(TolerantTree value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeGraphAsync(Graph value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeShapeAsync(IShape value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeTreesAsync(Dictionary<string, List<Tree>> value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeEnumerableAsync(IEnumerable<int> value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeStubbornAsync(Stubborn value, CancellationToken cancellationToken) => new(1);

    public ValueTask<int> TakeTextAsync(string value, CancellationToken cancellationToken) => new(1);

    public ValueTask<string> GiveNullAsync(CancellationToken cancellationToken) => new((string)null!);

    public ValueTask<IWriting> GiveNullContractAsync(CancellationToken cancellationToken) => new((IWriting)null!);

    public Task<string> GiveNullTaskAsync(CancellationToken cancellationToken) => null!;

    public ValueTask<Stream> GiveNullStreamAsync(CancellationToken cancellationToken) => new((Stream)null!);

    public IAsyncEnumerable<int> GiveNullItemsAsync(CancellationToken cancellationToken) => null!;

    public ValueTask<Tree> GiveTreeAsync(CancellationToken cancellationToken)
    {
        var tree = new Tree();
        tree.Children = [tree];
        return new(tree);
    }

    public ValueTask<IEnumerable<int>> GiveEnumerableAsync(CancellationToken cancellationToken) => new(WriteCommand.Endless());

    public ValueTask<Stubborn> GiveStubbornAsync(CancellationToken cancellationToken) => new(new Stubborn());

    public async IAsyncEnumerable<Stubborn> ItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new Stubborn { Text = "fine" };
        yield return new Stubborn();
    }

    public async ValueTask<int> UploadAsync(IAsyncEnumerable<Stubborn> items, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (Stubborn _ in items.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }

    public ValueTask<int> ReportAsync(IProgress<Stubborn> progress, CancellationToken cancellationToken)
    {
        progress.Report(new Stubborn());
        return new(1);
    }

    public async ValueTask<int> FaultAsync(bool later, CancellationToken cancellationToken)
    {
        if (later)
        {
            await Task.Yield();
        }

        throw new RpcFaultException<Stubborn>(new Stubborn(), "as told");
    }

    public async IAsyncEnumerable<int> FaultItemsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return 1;
        throw new RpcFaultException<Stubborn>(new Stubborn(), "as told");
    }
}
