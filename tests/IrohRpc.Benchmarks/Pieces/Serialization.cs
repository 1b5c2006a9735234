using System.Buffers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>A call's values to and from bytes, as generated code does it, next to MemoryPack's own entry.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class Serialization
{
    // What generated code has in its static fields.
    private static readonly ValueWriter<Order> WriteOrder = static (ref MemoryPackWriter<CallBufferWriter> writer, Order value) => writer.WritePackable(value);
    private static readonly ValueReader<Order> ReadOrder = new(static (ref MemoryPackReader reader) => reader.ReadPackable<Order>()!);
    private static readonly ValueWriter<Block> WriteBlock = static (ref MemoryPackWriter<CallBufferWriter> writer, Block value) => writer.WriteUnmanaged(value);
    private static readonly ValueReader<Block> ReadBlock = new(static (ref MemoryPackReader reader) => reader.ReadUnmanaged<Block>());

    private readonly CallBuffer _buffer = new();
    private readonly ArrayBufferWriter<byte> _plain = new(4096);
    private readonly byte[] _order = MemoryPackSerializer.Serialize(Order.Example);
    private readonly byte[] _block = MemoryPackSerializer.Serialize(Block.Of(1));

    [Benchmark(Baseline = true, Description = "MemoryPackSerializer"), BenchmarkCategory("write an order")]
    public int WriteOrderPlain()
    {
        _plain.ResetWrittenCount();
        MemoryPackSerializer.Serialize(_plain, Order.Example);
        return _plain.WrittenCount;
    }

    [Benchmark(Description = "ValueWriter"), BenchmarkCategory("write an order")]
    public int WriteOrderOurs()
    {
        _buffer.Clear();
        _buffer.WriteValue(Order.Example, WriteOrder, WriteBounds.Default);
        return _buffer.Length;
    }

    [Benchmark(Baseline = true, Description = "MemoryPackSerializer"), BenchmarkCategory("read an order")]
    public Order? ReadOrderPlain() => MemoryPackSerializer.Deserialize<Order>(_order);

    [Benchmark(Description = "ValueReader"), BenchmarkCategory("read an order")]
    public Order ReadOrderOurs() => ReadOrder.Read(_order, PayloadLimits.Default);

    [Benchmark(Baseline = true, Description = "MemoryPackSerializer"), BenchmarkCategory("write 64 bytes")]
    public int WriteBlockPlain()
    {
        _plain.ResetWrittenCount();
        MemoryPackSerializer.Serialize(_plain, Block.Of(1));
        return _plain.WrittenCount;
    }

    [Benchmark(Description = "ValueWriter"), BenchmarkCategory("write 64 bytes")]
    public int WriteBlockOurs()
    {
        _buffer.Clear();
        _buffer.WriteValue(Block.Of(1), WriteBlock, WriteBounds.Default);
        return _buffer.Length;
    }

    [Benchmark(Baseline = true, Description = "MemoryPackSerializer"), BenchmarkCategory("read 64 bytes")]
    public Block ReadBlockPlain() => MemoryPackSerializer.Deserialize<Block>(_block);

    [Benchmark(Description = "ValueReader"), BenchmarkCategory("read 64 bytes")]
    public Block ReadBlockOurs() => ReadBlock.Read(_block, PayloadLimits.Default);
}
