using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>One call at the service's side: the request is resolved, the generated dispatcher runs, the answer becomes a frame. No transport, no other thread.</summary>
[MemoryDiagnoser]
public class Dispatch
{
    private MemoryPeers _peers = null!;
    private RpcConnection _connection = null!;
    private ServerLane _lane = null!;
    private byte[] _echo = null!;
    private byte[] _place = null!;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _peers = await MemoryPeers.StartAsync();
        _connection = _peers.Client.Rpc;
        _lane = new ServerLane(_connection, new ReplayedStream(default));
        long target = _connection.Pass<IOrders>(new OrderService()).Number;
        _echo = Request(target, nameof(IOrders.EchoAsync), MemoryPackSerializer.Serialize(Block.Of(1)));
        _place = Request(target, nameof(IOrders.PlaceAsync), MemoryPackSerializer.Serialize(Order.Example));
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _peers.DisposeAsync();

    /// <summary>64 bytes there and back.</summary>
    [Benchmark]
    public void Echo() => Run(_echo);

    /// <summary>An order there and back.</summary>
    [Benchmark]
    public void Place() => Run(_place);

    private static byte[] Request(long target, string method, byte[] arguments)
    {
        MethodDescriptor descriptor = ContractDescriptors.Of<IOrders>().Methods.Single(candidate => candidate.Name == method);
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        return [.. head[..WireFormat.WriteRequestHead(head, 1, target, descriptor.NameId, descriptor.SignatureId, 0)], .. arguments];
    }

    // As a lane does for each request that it reads.
    private void Run(byte[] request)
    {
        if (!RequestFrame.TryParse(request, out long number, out RequestFrame frame)
            || CallResolver.Resolve(_connection, frame.Target, frame.NameId, frame.SignatureId, out ServiceBinding? binding, out MethodDescriptor? method) is not null
            || !_connection.TryStartCall(frame.Cost, isOneWay: false, out _))
        {
            throw new InvalidOperationException("The request is refused.");
        }

        IncomingCall.Rent(_lane, _connection, binding!, method!, number, isOneWay: false, frame, default).Run();
    }
}
