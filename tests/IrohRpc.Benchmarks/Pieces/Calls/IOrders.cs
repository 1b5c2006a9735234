using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces.Calls;

/// <summary>The contract whose calls are taken apart: one with a value of 64 bytes, one with an object as applications have them.</summary>
[Alpn("orders/1")]
public partial interface IOrders
{
    ValueTask<Block> EchoAsync(Block block, CancellationToken cancellationToken = default);

    ValueTask<Order> PlaceAsync(Order order, CancellationToken cancellationToken = default);
}
