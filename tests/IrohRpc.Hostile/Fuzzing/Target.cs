using System.Reflection;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>One type of a contract, as generated code reads and writes it.</summary>
internal abstract class Target(string name)
{
    public string Name => name;

    public abstract PayloadPart Part { get; }

    /// <summary>What sees quickly that payloads are right.</summary>
    public abstract PayloadPlan Plan { get; }

    /// <summary>What reads values, and checks them first.</summary>
    public abstract object Reader { get; }

    /// <summary>What writes values.</summary>
    public abstract object Writer { get; }

    /// <summary>Reads a value, as the runtime does with what arrives.</summary>
    public abstract object? Read(byte[] payload, PayloadLimits limits);

    /// <summary>Writes a value.</summary>
    public abstract byte[] Write(object? value);

    /// <summary>All types of <see cref="IHostile"/>.</summary>
    public static IReadOnlyList<Target> All { get; } = [.. Find()];

    private static IEnumerable<Target> Find()
    {
        Type generated = typeof(IHostile).GetNestedType("Descriptors", BindingFlags.NonPublic)!;
        foreach (MethodDescriptor method in ContractDescriptors.Of<IHostile>().Methods)
        {
            object reader = Field(generated, "Read_", method.Name);
            object writer = Field(generated, "Write_", method.Name);
            Type type = reader.GetType().GetGenericArguments()[0];
            yield return (Target)Activator.CreateInstance(typeof(Target<>).MakeGenericType(type), method.Name, reader, writer)!;
        }
    }

    private static object Field(Type type, string prefix, string method)
        => (type.GetField(prefix + method, BindingFlags.Static | BindingFlags.NonPublic)
            ?? type.GetField(prefix + method[..^"Async".Length], BindingFlags.Static | BindingFlags.NonPublic))!.GetValue(null)!;
}

internal sealed class Target<T>(string name, ValueReader<T> reader, ValueWriter<T> writer) : Target(name)
{
    private readonly CallBuffer _buffer = new();

    public override PayloadPart Part => reader.Part.Shape is null ? new PayloadPart(PayloadShape.Fixed<T>()) : reader.Part;

    public override PayloadPlan Plan { get; } = PayloadPlan.ForPayload([reader.Part.Shape is null ? new PayloadPart(PayloadShape.Fixed<T>()) : reader.Part]);

    public override object Reader => reader;

    public override object Writer => writer;

    public override object? Read(byte[] payload, PayloadLimits limits) => reader.Read(payload, limits);

    public override byte[] Write(object? value)
    {
        _buffer.Clear();
        _buffer.WriteValue((T)value!, writer, WriteBounds.Default);
        return _buffer.WrittenSpan.ToArray();
    }
}
