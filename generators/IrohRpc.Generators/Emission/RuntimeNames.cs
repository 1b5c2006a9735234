namespace IrohRpc.Generators.Emission;

/// <summary>The names of the runtime that generated code uses, from the global namespace on: no name of the user's can get in the way.</summary>
internal static class RuntimeNames
{
    public const string Services = "global::IrohRpc.CompilerServices";
    public const string MemoryPack = "global::MemoryPack";
    public const string Reader = MemoryPack + ".MemoryPackReader";
    public const string Writer = MemoryPack + ".MemoryPackWriter<" + Services + ".CallBufferWriter>";
    public const string ValueTaskName = "global::System.Threading.Tasks.ValueTask";
}
