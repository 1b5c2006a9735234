using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>The shapes of a contract's types: all are made first, and get their parts afterwards, because types refer to each other.</summary>
internal static class ShapeEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private static class {types.Shapes}");
        foreach (PayloadShapeModel shape in contract.Shapes)
        {
            code.Line($"// {shape.Comment}");
            code.Line($"internal static readonly {Services}.PayloadShape {shape.Name} = {shape.Creation};");
            code.Line();
        }

        code.Open($"static {types.Shapes}()");
        foreach (string type in contract.KeptStructs)
        {
            code.Line($"{Services}.PayloadShape.KeepFields<{type}>();");
        }

        foreach (PayloadShapeModel shape in contract.Shapes.Where(shape => shape.Parts.Length > 0))
        {
            code.Line($"{shape.Name}{shape.Parts.Replace(").", ")\n    .")};");
        }

        code.Close();
        foreach (DepthWalkModel walk in contract.Walks)
        {
            code.Line();
            string depth = walk.CountsDepth ? $", {Services}.PayloadDepth depth" : "";
            code.Open($"internal static void {walk.Name}({walk.Type} value{depth})");
            foreach (string line in walk.Lines)
            {
                code.Line(line);
            }

            code.Close();
        }

        foreach (string accessor in contract.Accessors)
        {
            code.Line();
            foreach (string line in accessor.Split('\n'))
            {
                code.Line(line);
            }
        }

        code.Close();
    }
}
