using IrohRpc.Generators.Model;

namespace IrohRpc.Generators.Emission;

/// <summary>How a value is written and read, as expressions and statements.</summary>
internal static class ValueEmitter
{
    /// <summary>The statement that writes <paramref name="expression"/>.</summary>
    public static string Write(ValueModel value, string writer, string expression) => value.Codec switch
    {
        ValueCodec.Unmanaged => $"{writer}.WriteUnmanaged({expression});",
        ValueCodec.UnmanagedArray => $"{writer}.WriteUnmanagedArray({expression});",
        ValueCodec.String => $"{writer}.WriteString({expression});",
        ValueCodec.Packable => $"{writer}.WritePackable({expression});",
        _ => $"{writer}.WriteValue({expression});",
    };

    /// <summary>The expression that reads a value; <paramref name="what"/> names it where null arrives and the type has none.</summary>
    public static string Read(ValueModel value, string reader, string what)
    {
        string read = value.Codec switch
        {
            ValueCodec.Unmanaged => $"{reader}.ReadUnmanaged<{value.Type}>()",
            ValueCodec.UnmanagedArray => $"{reader}.ReadUnmanagedArray<{value.ElementType}>()",
            ValueCodec.String => $"{reader}.ReadString()",
            ValueCodec.Packable => $"{reader}.ReadPackable<{value.BareType}>()",
            _ => $"{reader}.ReadValue<{value.BareType}>()",
        };
        return value.Null switch
        {
            NullRule.Allow => read,
            NullRule.Ignore => read + "!",
            _ => $"{read}\n    ?? {RefuseNull(what)}",
        };
    }

    /// <summary>The expression that refuses a null that arrived for <paramref name="what"/>.</summary>
    public static string RefuseNull(string what)
        => $"throw new {RuntimeNames.MemoryPack}.MemoryPackSerializationException(\"{what} is null, which its type does not allow.\")";

    /// <summary>A static field with the delegate that writes <paramref name="value"/>.</summary>
    public static void WriterField(CodeWriter code, GeneratedTypes types, string name, ValueModel value)
    {
        code.Line($"internal static readonly {RuntimeNames.Services}.ValueWriter<{value.Type}> {name} =");
        code.Indent();
        code.Line(WriterLambda(types, value) + ";");
        code.Unindent();
        code.Line();
    }

    /// <summary>A static field with the delegate that reads <paramref name="value"/>.</summary>
    public static void ReaderField(CodeWriter code, GeneratedTypes types, string name, ValueModel value, string root, string what)
    {
        code.Line($"internal static readonly {RuntimeNames.Services}.ValueReader<{value.Type}> {name} =");
        code.Indent();
        code.Line(NewReader(types, value, root, what) + ";");
        code.Unindent();
        code.Line();
    }

    /// <summary>The delegate that writes <paramref name="value"/>, in several lines where it looks at that first.</summary>
    public static string WriterLambda(GeneratedTypes types, ValueModel value)
    {
        string head = $"static (ref {RuntimeNames.Writer} writer, {value.Type} value) =>";
        return value.Walk is null
            ? $"{head} {Write(value, "writer", "value").TrimEnd(';')}"
            : $"{head}\n{{\n    {Look(types, value, "value")}\n    {Write(value, "writer", "value")}\n}}";
    }

    /// <summary>The statement that looks at a value before it is written.</summary>
    public static string Look(GeneratedTypes types, ValueModel value, string expression) => $"{types.Shapes}.{value.Walk!.Replace("{0}", expression)};";

    /// <summary>The reader of <paramref name="value"/>, which messages call by the name <paramref name="root"/>.</summary>
    public static string NewReader(GeneratedTypes types, ValueModel value, string root, string what)
        => value.Shape is null ? $"new({ReaderLambda(value, what)})" : $"new({Part(types, value, root)}, {ReaderLambda(value, what)})";

    /// <summary>A value in its place, as it is checked.</summary>
    public static string Part(GeneratedTypes types, ValueModel value, string name)
        => $"new({types.ShapeName(value.Shape!)}, {(value.Null == NullRule.Refuse ? "false" : "true")}, \"{name}\")";

    /// <summary>The delegate that reads <paramref name="value"/>, in several lines where it refuses null.</summary>
    public static string ReaderLambda(ValueModel value, string what)
        => $"static (ref {RuntimeNames.Reader} reader) => {Read(value, "reader", what)}";
}
