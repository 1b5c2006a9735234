using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>What to do about a type that MemoryPack cannot serialize.</summary>
internal static class UnserializableAdvice
{
    /// <summary>Whether <c>[MemoryPackable]</c> would mend it.</summary>
    public static bool CanBeAnnotated(ITypeSymbol type)
        => type is { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false, IsRefLikeType: false, Locations: [{ IsInSource: true }, ..] }
            && !type.AllInterfaces.Any(KnownTypes.IsContract);

    /// <summary>The advice, as the end of a sentence.</summary>
    public static string For(UnserializableType problem) => problem.Type switch
    {
        _ when problem.IsEndless => "give it members whose types end",
        _ when ForReason(problem) is { } reason => reason,
        _ when ForExact(problem.Type) is { } exact => exact,
        _ when ForKnown(problem.Type) is { } advice => advice,
        { IsRefLikeType: true } => "a span cannot leave the stack: use ReadOnlyMemory<byte> or an array",
        { TypeKind: TypeKind.Delegate } => "pass a contract instead of a delegate",
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer } => "a pointer means nothing to a peer",
        { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Dynamic } => "name the type that is sent, or a [MemoryPackUnion]",
        _ when KnownTypes.IsContract(problem.Type) => "a contract is passed as a parameter or a result, for the peer to call it",
        _ when problem.Type.AllInterfaces.FirstOrDefault(KnownTypes.IsContract) is { } served
            => $"name the contract '{served.Name}' instead, so that the peer can call the object",
        { TypeKind: TypeKind.Interface, Locations: [{ IsInSource: true }, ..] }
            => "declare its cases with [MemoryPackUnion], or give it [Alpn] for the peer to call it",
        { IsAbstract: true, TypeKind: TypeKind.Class, Locations: [{ IsInSource: true }, ..] } => "declare its cases with [MemoryPackUnion]",
        { TypeKind: TypeKind.Interface } or { IsAbstract: true } => "name the type that is sent, or one of your own with [MemoryPackable]",
        _ when CanBeAnnotated(problem.Type) => "make it partial and give it [MemoryPackable]",
        _ => "copy what is needed into a type of your own with [MemoryPackable]",
    };

    private static string? ForReason(UnserializableType problem) => problem.Reason switch
    {
        UnserializableReason.MachineSized => problem.Type.Name switch
        {
            "UIntPtr" or "CULong" => "take ulong",
            "NFloat" => "take double",
            "Vector" => "take Vector128<T> or Vector256<T>, or an array",
            _ => "take long",
        },
        UnserializableReason.ProcessBound => "it means something in this process only: send what it stands for",
        UnserializableReason.UnionCaseWithoutObjects
            => "no object is exactly of this type, which is what MemoryPack asks for: list the classes in its place, each with a tag",
        UnserializableReason.Misplaced => "MemoryPack's generator cannot complete a type within an interface or a generic type, or with a keyword in its full name: move or rename it",
        _ => null,
    };

    // What leaves open what is sent.
    private static string? ForExact(ITypeSymbol type) => (type.ContainingNamespace?.ToDisplayString(), type.Name) switch
    {
        ("System", "Array") => "name the type of its elements, as T[]",
        ("System.Collections", "IEnumerable" or "ICollection" or "IList" or "ArrayList" or "Queue" or "Stack") => "name the type of its elements, as List<T>",
        ("System.Collections", "IDictionary" or "Hashtable" or "SortedList") => "name the types of its keys and values, as Dictionary<TKey, TValue>",
        ("System", "Enum" or "ValueType" or "IFormattable" or "IComparable" or "IConvertible") => "name the type that is sent",
        _ => null,
    };

    // What has a counterpart that a call can carry, by the nearest base that says so.
    private static string? ForKnown(ITypeSymbol type)
    {
        for (ITypeSymbol? level = type; level is not null; level = level.BaseType)
        {
            string? advice = (level.ContainingNamespace?.ToDisplayString(), level.Name) switch
            {
                ("System.IO", "Stream") => "take Stream itself",
                ("System.IO.Pipelines", "PipeReader") => "take PipeReader itself",
                ("System.IO.Pipelines", "PipeWriter") => "take PipeWriter itself",
                ("System.IO.Pipelines", "IDuplexPipe") => "take a PipeReader and a PipeWriter",
                ("System", "Progress") => "take IProgress<T>, which Progress<T> implements",
                ("System", "Exception") => "throw an RpcFaultException, or send what is needed of it in a type of your own",
                ("System.Collections.Generic", "IAsyncEnumerator" or "IEnumerator") or ("System.Collections", "IEnumerator")
                    or ("System.Threading.Channels", "ChannelReader" or "ChannelWriter" or "Channel") => "take IAsyncEnumerable<T>",
                ("System", "IObservable" or "IObserver") => "take IAsyncEnumerable<T>",
                ("System", "Type") => "send a name that both sides know: a peer must not choose which types a program loads",
                ("System.IO", "TextReader" or "TextWriter" or "BinaryReader" or "BinaryWriter") => "take Stream, and read or write the text on either side",
                ("System.Threading.Tasks", "Task" or "ValueTask") => "a task stands around the result and nowhere else",
                ("System.Threading", "CancellationToken") => "a token stands by itself, as the last parameter, and cannot be null",
                ("IrohRpc", "CallContext") => "a context stands by itself, as a parameter",
                _ => null,
            };
            if (advice is not null)
            {
                return advice;
            }
        }

        return null;
    }
}
