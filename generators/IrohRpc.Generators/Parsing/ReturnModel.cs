using IrohRpc.Generators.Model;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>A return type taken apart: its wrapper, and what is in it.</summary>
internal sealed record ReturnModel(ReturnShape Shape, ResultKind Kind, ITypeSymbol? Type, bool IsNullable)
{
    /// <summary>Takes a return type apart; null where no call can have it.</summary>
    public static ReturnModel? Of(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void)
        {
            return new ReturnModel(ReturnShape.OneWay, ResultKind.None, null, IsNullable: false);
        }

        if (KnownTypes.IsAsyncEnumerable(type, out ITypeSymbol item))
        {
            return new ReturnModel(ReturnShape.Bare, ResultKind.Items, item, IsAnnotated(type));
        }

        ReturnShape? shape = KnownTypes.IsTask(type) ? ReturnShape.Task : KnownTypes.IsValueTask(type) ? ReturnShape.ValueTask : null;
        if (shape is null || IsAnnotated(type))
        {
            return null;
        }

        if (type is not INamedTypeSymbol { TypeArguments: [{ } result] })
        {
            return new ReturnModel(shape.Value, ResultKind.None, null, IsNullable: false);
        }

        if (KnownTypes.IsTask(result) || KnownTypes.IsValueTask(result))
        {
            return null;
        }

        ResultKind kind = KnownTypes.IsAsyncEnumerable(result, out item) ? ResultKind.Items
            : KnownTypes.IsStream(result) ? ResultKind.Stream
            : KnownTypes.IsPipeReader(result) ? ResultKind.PipeReader
            : KnownTypes.IsPipeWriter(result) ? ResultKind.PipeWriter
            : KnownTypes.IsContract(result) ? ResultKind.Contract
            : ResultKind.Value;
        return new ReturnModel(shape.Value, kind, kind == ResultKind.Items ? item : result, IsAnnotated(result));
    }

    /// <summary>What to return instead of <paramref name="type"/>, as the rest of a sentence.</summary>
    public static string Advice(ITypeSymbol type)
        => IsAnnotated(type) && (KnownTypes.IsTask(type) || KnownTypes.IsValueTask(type)) ? "a call always gives something to wait for: leave out the '?'"
            : type is INamedTypeSymbol { Name: "IObservable" or "IEnumerator" or "IAsyncEnumerator" }
            ? "return IAsyncEnumerable<T> for a stream of items"
            : KnownTypes.IsStream(type) || KnownTypes.IsPipeReader(type) || KnownTypes.IsPipeWriter(type) || KnownTypes.IsContract(type)
                ? "a call takes time: wrap it in Task<T> or ValueTask<T>"
                : "a call takes time: return Task, ValueTask, either with a result, IAsyncEnumerable<T>, or void for one-way";

    private static bool IsAnnotated(ITypeSymbol type) => type.NullableAnnotation == NullableAnnotation.Annotated;
}
