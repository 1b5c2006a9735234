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

internal sealed class Writing : IWriting
{
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
