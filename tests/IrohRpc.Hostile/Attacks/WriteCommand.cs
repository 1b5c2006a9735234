using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Writes what has no end, contains itself or throws, in each place of a payload, and looks that the call fails and nothing else.</summary>
internal static class WriteCommand
{
    public static async Task<int> RunAsync()
    {
        CancellationToken cancellationToken = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, cancellationToken);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, cancellationToken);
        await using Router router = await server.Route().Map<IWriting>(new Writing()).StartAsync(cancellationToken);
        IWriting service = client.Connect<IWriting>(server.Ticket);
        IWriting shallow = client.Connect<IWriting>(server.Ticket, new ClientOptions { MaxPayloadDepth = 4 });
        var tree = new Tree();
        tree.Children = [tree];
        var array = new Tree();
        array.More = [array];
        var map = new Tree();
        map.Named = new Dictionary<string, Tree> { ["self"] = map };
        var tolerant = new TolerantTree();
        tolerant.Left = tolerant;
        var others = new TolerantTree();
        others.Others = [others];
        Tree deep = new();
        var chain = new Graph();
        for (int i = 0; i < 200_000; i++)
        {
            deep = new Tree { Children = [deep] };
            chain = new Graph { Children = [chain] };
        }

        var shapes = new List<IShape>();
        shapes.Add(new Group(shapes, null));
        int wrong = 0;
        foreach ((string name, RpcStatusCode expected, Func<Task> call) in new (string, RpcStatusCode, Func<Task>)[]
        {
            ("a cycle through a list", RpcStatusCode.InvalidArgument, () => service.TakeTreeAsync(tree, cancellationToken).AsTask()),
            ("a cycle through an array", RpcStatusCode.InvalidArgument, () => service.TakeTreeAsync(array, cancellationToken).AsTask()),
            ("a cycle through a dictionary", RpcStatusCode.InvalidArgument, () => service.TakeTreeAsync(map, cancellationToken).AsTask()),
            ("a long chain", RpcStatusCode.InvalidArgument, () => service.TakeTreeAsync(deep, cancellationToken).AsTask()),
            ("a tolerant cycle", RpcStatusCode.InvalidArgument, () => service.TakeTolerantAsync(tolerant, cancellationToken).AsTask()),
            ("a tolerant cycle through a list", RpcStatusCode.InvalidArgument, () => service.TakeTolerantAsync(others, cancellationToken).AsTask()),
            ("a long chain of circular objects", RpcStatusCode.InvalidArgument, () => service.TakeGraphAsync(chain, cancellationToken).AsTask()),
            ("a cycle through a union", RpcStatusCode.InvalidArgument, () => service.TakeShapeAsync(shapes[0], cancellationToken).AsTask()),
            ("a cycle within a dictionary of lists", RpcStatusCode.InvalidArgument, () => service.TakeTreesAsync(new() { ["a"] = [tree] }, cancellationToken).AsTask()),
            ("an endless enumerable", RpcStatusCode.ResourceExhausted, () => service.TakeEnumerableAsync(Endless(), cancellationToken).AsTask()),
            ("an enumerable beyond the limit of its method", RpcStatusCode.ResourceExhausted, () => service.TakeLimitedAsync(Endless().Take(1_000_000), cancellationToken).AsTask()),
            ("an endless item", RpcStatusCode.Internal, () => DrainAsync(service.EndlessItemsAsync(cancellationToken))),
            ("an endless report", RpcStatusCode.Internal, () => service.ReportEndlessAsync(new Progress<IEnumerable<int>>(), cancellationToken).AsTask()),
            ("an endless fault", RpcStatusCode.FailedPrecondition, () => service.EndlessFaultAsync(cancellationToken).AsTask()),
            ("a fault that is nested too deep", RpcStatusCode.FailedPrecondition, () => service.DeepFaultAsync(2000, cancellationToken).AsTask()),
            ("a fault that is nested deeper than the caller allows", RpcStatusCode.FailedPrecondition, () => shallow.DeepFaultAsync(20, cancellationToken).AsTask()),
            ("a value that is nested deeper than the caller allows", RpcStatusCode.InvalidArgument, () => shallow.TakeTreeAsync(new Tree { Children = [new Tree { Children = [new Tree { Children = [new Tree { Children = [new Tree()] }] }] }] }, cancellationToken).AsTask()),
            ("an argument that throws", RpcStatusCode.InvalidArgument, () => service.TakeStubbornAsync(new Stubborn(), cancellationToken).AsTask()),
            ("half of a surrogate pair", RpcStatusCode.InvalidArgument, () => service.TakeTextAsync("\ud800", cancellationToken).AsTask()),
            ("a result that contains itself", RpcStatusCode.Internal, () => service.GiveTreeAsync(cancellationToken).AsTask()),
            ("a null result", RpcStatusCode.Internal, () => service.GiveNullAsync(cancellationToken).AsTask()),
            ("a null contract", RpcStatusCode.Internal, () => service.GiveNullContractAsync(cancellationToken).AsTask()),
            ("a null task", RpcStatusCode.Internal, () => service.GiveNullTaskAsync(cancellationToken)),
            ("a null stream", RpcStatusCode.Internal, () => service.GiveNullStreamAsync(cancellationToken).AsTask()),
            ("null items", RpcStatusCode.Internal, () => DrainAsync(service.GiveNullItemsAsync(cancellationToken))),
            ("an endless result", RpcStatusCode.Internal, () => service.GiveEnumerableAsync(cancellationToken).AsTask()),
            ("a result that throws", RpcStatusCode.Internal, () => service.GiveStubbornAsync(cancellationToken).AsTask()),
            ("an item that throws", RpcStatusCode.Internal, () => DrainAsync(service.ItemsAsync(cancellationToken))),
            ("a fault that throws", RpcStatusCode.FailedPrecondition, () => service.FaultAsync(false, cancellationToken).AsTask()),
            ("a fault that throws later", RpcStatusCode.FailedPrecondition, () => service.FaultAsync(true, cancellationToken).AsTask()),
            ("a fault after an item", RpcStatusCode.FailedPrecondition, () => DrainAsync(service.FaultItemsAsync(cancellationToken))),
        })
        {
            long before = GC.GetTotalAllocatedBytes();
            RpcException? failure = await FailureOfAsync(call);
            long allocated = GC.GetTotalAllocatedBytes() - before;
            bool isRight = failure is not null && failure.StatusCode == expected && failure is not RpcFaultException && allocated < 100_000_000;
            wrong += isRight ? 0 : 1;
            Console.WriteLine($"{(isRight ? "right" : "WRONG")}: {name}: {failure?.StatusCode} {failure?.Message} ({allocated / 1024} KiB)");
            wrong += await service.TakeTextAsync("still here", cancellationToken) == 1 ? 0 : 1;
        }

        // A fault within the caller's limits has its detail.
        wrong += await DetailOfAsync(service, 20, cancellationToken) is { Children.Count: 1 } ? 0 : 1;

        foreach ((string name, Func<Task> call) in new (string, Func<Task>)[]
        {
            ("a collection without end that says it has one", () => service.TakeCollectionAsync(new EndlessCollection(), cancellationToken).AsTask()),
            ("an array of more than two gigabytes", () => service.TakeNumbersAsync(GC.AllocateUninitializedArray<decimal>(135_000_000), cancellationToken).AsTask()),
            ("a list of more than two gigabytes", () => service.TakeBlocksAsync(Blocks.OfList(135_000_000), cancellationToken).AsTask()),
            ("memory of more than two gigabytes", () => service.TakeBlocksAsync(new Blocks { Memory = GC.AllocateUninitializedArray<decimal>(135_000_000) }, cancellationToken).AsTask()),
        })
        {
            RpcException? failure = await FailureOfAsync(call);
            bool isRight = failure?.StatusCode == RpcStatusCode.ResourceExhausted;
            wrong += isRight ? 0 : 1;
            Console.WriteLine($"{(isRight ? "right" : "WRONG")}: {name}: {failure?.StatusCode} {failure?.Message}");
            wrong += await service.TakeTextAsync("still here", cancellationToken) == 1 ? 0 : 1;
            GC.Collect();
        }

        try
        {
            await service.UploadEndlessAsync(EndlessItems(), cancellationToken);
            wrong++;
        }
        catch (Exception exception) when (exception is IOException or RpcException)
        {
            Console.WriteLine($"right: an endless item of an argument: {exception.Message}");
        }

        // What a program throws in its own items or reports is its own exception.
        try
        {
            await service.UploadAsync(Items(), cancellationToken);
            wrong++;
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            Console.WriteLine($"right: an item of an argument that throws: {exception.Message}");
        }

        try
        {
            await service.ReportAsync(new Progress<Stubborn>(), cancellationToken);
        }
        catch (RpcException exception)
        {
            Console.WriteLine($"right: a report that throws: {exception.StatusCode} {exception.Message}");
        }

        wrong += await service.TakeTextAsync("still here", cancellationToken) == 1 ? 0 : 1;
        Console.WriteLine($"{wrong} wrong");
        return wrong == 0 ? 0 : 1;
    }

    public static IEnumerable<int> Endless()
    {
        for (int i = 0; ; i++)
        {
            yield return i;
        }
    }

    private static async IAsyncEnumerable<IEnumerable<int>> EndlessItems()
    {
        await Task.Yield();
        yield return Endless();
    }

    private static async Task<Tree?> DetailOfAsync(IWriting service, int depth, CancellationToken cancellationToken)
    {
        try
        {
            await service.DeepFaultAsync(depth, cancellationToken);
            return null;
        }
        catch (RpcFaultException<Tree> fault)
        {
            return fault.Detail;
        }
    }

    private static async IAsyncEnumerable<Stubborn> Items()
    {
        await Task.Yield();
        yield return new Stubborn();
    }

    private static async Task DrainAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (T _ in items)
        {
        }
    }

    private static async Task<RpcException?> FailureOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }
}
